-- An act is signed by whoever was let in: where a transaction has an identity, no act in it may carry another's name.

create function refuse_other_signature() returns trigger language plpgsql as $$
declare
  signature text := my_role() || ':' || my_subject();
  signed text := to_jsonb(new) ->> tg_argv[0];
begin
  if current_identity() is not null and signed <> signature then
    raise exception 'an act of % may not be signed by %', signature, signed
      using errcode = 'check_violation', constraint = 'signed_by_the_identity';
  end if;
  return new;
end $$;

create trigger signed_by_the_identity before insert on settlement_event for each row execute function refuse_other_signature('acted_by');
create trigger signed_by_the_identity before insert on payment for each row execute function refuse_other_signature('paid_by');
create trigger signed_by_the_identity before insert on dispute for each row execute function refuse_other_signature('filed_by');
create trigger signed_by_the_identity before insert on ruling for each row execute function refuse_other_signature('ruled_by');
create trigger signed_by_the_identity before insert on model_decision for each row execute function refuse_other_signature('decided_by');
