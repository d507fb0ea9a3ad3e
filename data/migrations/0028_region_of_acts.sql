-- An act is of the region of whoever was let in, at the command line too; and who reads the book reads amounts, not what they were hashed to.

create function refuse_other_region() returns trigger language plpgsql as $$
declare
  object int := case tg_argv[0]
    when 'settlement' then (select s.region_id from settlement s where s.settlement_id = to_jsonb(new) ->> 'settlement_id')
    when 'payment' then (to_jsonb(new) ->> 'region_id')::int
    when 'preview' then (select s.region_id from dispute_preview p join settlement s using (settlement_id) where p.preview_id = to_jsonb(new) ->> 'preview_id')
    when 'dispute' then (select s.region_id from dispute d join dispute_preview p using (preview_id) join settlement s using (settlement_id)
      where d.dispute_id = (to_jsonb(new) ->> 'dispute_id')::int)
  end;
begin
  if current_identity() is not null and object is distinct from my_region() then
    raise exception 'an act of % in region % is about region %', my_role() || ':' || my_subject(), my_region(), object
      using errcode = 'check_violation', constraint = 'of_the_region';
  end if;
  return new;
end $$;

create trigger of_the_region before insert on settlement_event for each row execute function refuse_other_region('settlement');
create trigger of_the_region before insert on settlement_approval for each row execute function refuse_other_region('settlement');
create trigger of_the_region before insert on payment for each row execute function refuse_other_region('payment');
create trigger of_the_region before insert on dispute_asked for each row execute function refuse_other_region('preview');
create trigger of_the_region before insert on dispute for each row execute function refuse_other_region('preview');
create trigger of_the_region before insert on dispute_verdict for each row execute function refuse_other_region('dispute');
create trigger of_the_region before insert on ruling for each row execute function refuse_other_region('dispute');

-- Between the hashes of two lines lie few amounts of others, which could be tried: whoever checks the chain is the owner or a worker.
revoke select on ledger_entry from winst_request;
grant select (entry_id, settlement_id, payment_id, account, partner_id, insurer, debit_cents, credit_cents, posted_on, reverses, seq)
  on ledger_entry to winst_request;
