-- Who decides: each insurer for its own insured, by different people, on the day that the database says.

-- By hand: the owner of the schema, in nobody's name. Whoever was let in, and every other login, is held to today and to its own name.
create function acts_by_hand() returns boolean language sql stable security definer set search_path = public, pg_temp as $$
  select current_identity() is null and pg_has_role(session_user, c.relowner, 'usage') from pg_class c where c.oid = 'settlement_event'::regclass
$$;

-- The day of an act. The setting winst.day is for the owner alone, to tell what was done on an earlier day.
create function act_day() returns date language plpgsql volatile security definer set search_path = public, pg_temp as $$
begin
  if coalesce(current_setting('winst.day', true), '') <> '' and acts_by_hand() then
    return current_setting('winst.day')::date;
  end if;
  return (clock_timestamp() at time zone 'Europe/Amsterdam')::date;
end $$;
comment on function act_day is 'Today in Europe/Amsterdam by the clock of the database: the day on which acts are dated.';

create function refuse_other_day() returns trigger language plpgsql as $$
declare
  dated date := (to_jsonb(new) ->> tg_argv[0])::date;
begin
  -- Training enters a model as of its data, which is no act.
  if tg_table_name = 'model_decision' and to_jsonb(new) ->> 'state' in ('draft', 'validated') then
    return new;
  end if;
  if dated > act_day() then
    raise exception 'an act of % cannot be dated %: that day is still to come', act_day(), dated
      using errcode = 'check_violation', constraint = 'not_ahead_of_today';
  end if;
  if dated < act_day() and not acts_by_hand() then
    raise exception 'an act is dated when it is done, on %, not %', act_day(), dated
      using errcode = 'check_violation', constraint = 'dated_by_the_database';
  end if;
  return new;
end $$;

-- Whom a signature is of: role:party, or role:party/person for one person of an insurer or partner.
create function signer_role(signature text) returns text language sql immutable as $$ select split_part(signature, ':', 1) $$;
create function signer_party(signature text) returns text language sql immutable as $$
  select split_part(substr(signature, length(split_part(signature, ':', 1)) + 2), '/', 1)
$$;

create or replace function refuse_other_signature() returns trigger language plpgsql as $$
declare
  signature text := my_role() || ':' || my_subject();
  signed text := to_jsonb(new) ->> tg_argv[0];
begin
  -- Of the parties that an identity names, its token may name the person too.
  if current_identity() is not null and signed <> signature and not (
    my_role() in ('insurer', 'partner') and left(signed, length(signature) + 1) = signature || '/') then
    raise exception 'an act of % may not be signed by %', signature, signed
      using errcode = 'check_violation', constraint = 'signed_by_the_identity';
  end if;
  if current_identity() is null and not acts_by_hand()
     and not (tg_table_name = 'model_decision' and to_jsonb(new) ->> 'state' in ('draft', 'validated')) then
    raise exception 'an act of nobody may not be signed by %', signed
      using errcode = 'check_violation', constraint = 'signed_by_the_identity';
  end if;
  return new;
end $$;

-- At the command line: whoever shows a token is let in as its holder, for one transaction.
create function enter_as_holder(hash text) returns boolean language plpgsql security definer set search_path = public, pg_temp as $$
declare
  holder record;
begin
  select * into holder from key_owner(hash);
  if not found then
    return false;
  end if;
  perform enter_request(holder.region_id, holder.role, holder.subject);
  return true;
end $$;
revoke all on function enter_as_holder(text) from public;
grant execute on function enter_as_holder(text) to winst_app, winst_entry;

-- The insurers that a settlement is divided over, each with a share of its own; 'unknown' where no insurer is known, which analysts sign for.
create function insurers_of(document text) returns text[] language plpgsql immutable as $$
declare
  found_insurers text[];
begin
  select array_agg(distinct share ->> 'insurer') into found_insurers
    from jsonb_array_elements(document::jsonb -> 'partners') partner, jsonb_array_elements(partner -> 'insurers') share
   where share ->> 'insurer' is not null;
  return coalesce(found_insurers, array['unknown']);
exception when others then
  return array['unknown'];
end $$;
alter table settlement add column insurers text[] not null generated always as (insurers_of(document)) stored;
comment on column settlement.insurers is 'whose insured it is about, out of the document: each approves and pays its share; unknown: insured by nobody that is known';

create table settlement_approval (
  settlement_id text not null references settlement,
  insurer text not null check (insurer <> ''),
  finality text not null check (finality in ('provisional', 'final')),
  acted_by text not null check (acted_by <> ''),
  acted_on date not null,
  note text not null default '',
  seq bigint generated always as identity unique,
  primary key (settlement_id, insurer)
);
comment on table settlement_approval is 'Grain: one per settlement and insurer that approved its share; when all have, the settlement is released. No unit.';
comment on column settlement_approval.insurer is 'UZOVI code; unknown: the share of nobody that is known, which an analyst signs for';
select append_only('settlement_approval');

-- Whether somebody may sign for an insurer's share: the insurer itself; an analyst where no insurer is known.
create function signs_for(signature text, insurer text) returns boolean language sql immutable as $$
  select case when insurer ~ '^[0-9]{4}$' then signer_role(signature) = 'insurer' and signer_party(signature) = insurer
              else signer_role(signature) = 'analyst' end
$$;

-- The last day that an act may not lie before; a day that is still to come was stamped by a wrong clock and holds up nobody.
create function no_earlier_than(last date) returns date language sql volatile as $$
  select case when last is null then null else least(last, act_day()) end
$$;

create function refuse_corrected(subject settlement, becomes text) returns void language plpgsql as $$
begin
  if exists (
    select from settlement newer join settlement_state n using (settlement_id)
     where newer.contract_id = subject.contract_id and newer.region_id = subject.region_id and n.state <> 'rejected'
       and (newer.as_of, newer.seq) > (subject.as_of, subject.seq)) then
    raise exception 'settlement % is corrected by a later one: it cannot be % any more', subject.settlement_id, becomes
      using errcode = 'check_violation', constraint = 'latest_state_holds';
  end if;
end $$;

create function refuse_provisional(subject settlement) returns void language plpgsql as $$
begin
  if exists (
    select from settlement other join settlement_state o using (settlement_id)
     where other.contract_id = subject.contract_id and other.region_id = subject.region_id and o.finality = 'final') then
    raise exception 'settlement % follows a final one of its contract: it can only be final', subject.settlement_id
      using errcode = 'check_violation', constraint = 'final_stays_final';
  end if;
end $$;

create function refuse_approval() returns trigger language plpgsql as $$
declare
  subject settlement;
  last settlement_event;
begin
  perform pg_advisory_xact_lock(hashtext('ledger'), 0);
  select * into subject from settlement s where s.settlement_id = new.settlement_id;
  select * into last from settlement_event e where e.settlement_id = new.settlement_id order by e.step desc limit 1;
  if coalesce(last.state, 'prepared') <> 'reviewed' then
    raise exception 'settlement % is %: it cannot be approved', new.settlement_id, coalesce(last.state, 'prepared')
      using errcode = 'check_violation', constraint = 'life_in_order';
  end if;
  if new.insurer <> all (subject.insurers) or not signs_for(new.acted_by, new.insurer) then
    raise exception 'the share of % in settlement % is not for % to approve', new.insurer, new.settlement_id, new.acted_by
      using errcode = 'check_violation', constraint = 'own_share';
  end if;
  if new.acted_by in (subject.prepared_by, last.acted_by) then
    raise exception 'settlement % was prepared by % and reviewed by %: someone else must approve it', new.settlement_id, subject.prepared_by,
      last.acted_by using errcode = 'check_violation', constraint = 'four_eyes';
  end if;
  if new.acted_on < no_earlier_than(last.acted_on) then
    raise exception 'settlement % is reviewed since %: % lies before that', new.settlement_id, last.acted_on, new.acted_on
      using errcode = 'check_violation', constraint = 'days_in_order';
  end if;
  if exists (select from settlement_approval a where a.settlement_id = new.settlement_id and a.finality <> new.finality) then
    raise exception 'settlement % was approved by another insurer as other than %', new.settlement_id, new.finality
      using errcode = 'check_violation', constraint = 'one_finality';
  end if;
  perform refuse_corrected(subject, 'approved');
  if new.finality = 'provisional' then
    perform refuse_provisional(subject);
  end if;
  return new;
end $$;
create trigger settlement_approval_in_order before insert on settlement_approval for each row execute function refuse_approval();

-- The same rules as engine/ledger/lifecycle.ts. Released is what the last approval makes of a settlement, paid what the last payment does.
create or replace function refuse_act() returns trigger language plpgsql as $$
declare
  subject settlement;
  last settlement_event;
begin
  perform pg_advisory_xact_lock(hashtext('ledger'), 0);
  select * into subject from settlement s where s.settlement_id = new.settlement_id;
  select * into last from settlement_event e where e.settlement_id = new.settlement_id order by e.step desc limit 1;
  if new.step <> coalesce(last.step, 0) + 1 or (coalesce(last.state, 'prepared'), new.state) not in (
    ('prepared', 'reviewed'), ('prepared', 'rejected'), ('reviewed', 'released'), ('reviewed', 'rejected'), ('released', 'paid')) then
    raise exception 'settlement % is %: it cannot be % next', new.settlement_id, coalesce(last.state, 'prepared'), new.state
      using errcode = 'check_violation', constraint = 'life_in_order';
  end if;
  if new.state = 'reviewed' and signer_role(new.acted_by) <> 'analyst'
     or new.state = 'rejected' and not (signer_role(new.acted_by) = 'analyst'
       or signer_role(new.acted_by) = 'insurer' and signer_party(new.acted_by) = any (subject.insurers)) then
    raise exception 'settlement % is not for % to have %', new.settlement_id, new.acted_by, new.state
      using errcode = 'check_violation', constraint = 'own_share';
  end if;
  if new.state = 'released' and exists (
    select from unnest(subject.insurers) share (insurer) where not exists (
      select from settlement_approval a
       where a.settlement_id = new.settlement_id and a.insurer = share.insurer and a.finality = new.finality)) then
    raise exception 'settlement % is not approved by every insurer that it concerns', new.settlement_id
      using errcode = 'check_violation', constraint = 'all_approved';
  end if;
  if (new.state in ('reviewed', 'released') and new.acted_by = subject.prepared_by) or (new.state = 'released' and new.acted_by = last.acted_by) then
    raise exception 'settlement % was prepared by % and reviewed by %: someone else must have it %', new.settlement_id, subject.prepared_by,
      coalesce(last.acted_by, 'nobody yet'), new.state using errcode = 'check_violation', constraint = 'four_eyes';
  end if;
  if new.acted_on < no_earlier_than(coalesce(last.acted_on, subject.as_of)) then
    raise exception 'settlement % is % since %: % lies before that', new.settlement_id, coalesce(last.state, 'prepared'),
      coalesce(last.acted_on, subject.as_of), new.acted_on using errcode = 'check_violation', constraint = 'days_in_order';
  end if;
  if new.state in ('released', 'paid') then
    perform refuse_corrected(subject, new.state);
  end if;
  if new.finality = 'provisional' then
    perform refuse_provisional(subject);
  end if;
  return new;
end $$;

-- Payments are per insurer. What was paid before, for all insurers at once, stays as it is.
alter table payment add column insurer text not null default '';
alter table payment drop constraint payment_settlement_id_key;
alter table payment add constraint once_per_share unique (settlement_id, insurer);
alter table payment add constraint advances_are_nobodys check (advance_on is null or insurer = '');
comment on table payment is 'Grain: one per settlement and insurer that paid its share, or of the advances of one quarter day; its amounts are its entries in the ledger. No unit.';
comment on column payment.insurer is 'whose share is paid; empty: an advance, or a payment of before shares were paid apart';

create function refuse_payment() returns trigger language plpgsql as $$
declare
  subject settlement;
  released settlement_event;
begin
  if new.settlement_id is null then
    if signer_role(new.paid_by) <> 'analyst' then
      raise exception 'advances are not for % to pay: an analyst does', new.paid_by
        using errcode = 'check_violation', constraint = 'own_share';
    end if;
    return new;
  end if;
  perform pg_advisory_xact_lock(hashtext('ledger'), 0);
  select * into subject from settlement s where s.settlement_id = new.settlement_id;
  select * into released from settlement_event e where e.settlement_id = new.settlement_id and e.state = 'released';
  if released.state is null then
    raise exception 'payment % is of settlement %, which is not released', new.payment_id, new.settlement_id
      using errcode = 'check_violation', constraint = 'life_in_order';
  end if;
  if exists (select from payment p where p.settlement_id = new.settlement_id and p.insurer = '') then
    raise exception 'settlement % was paid for all insurers at once', new.settlement_id
      using errcode = 'check_violation', constraint = 'once_per_share';
  end if;
  if not (signs_for(new.paid_by, new.insurer) or signer_role(new.paid_by) = 'analyst') or new.insurer <> all (subject.insurers) and not exists (
    select from payment p where p.contract_id = subject.contract_id and p.region_id = subject.region_id and p.insurer = new.insurer) then
    raise exception 'the share of % in settlement % is not for % to pay', new.insurer, new.settlement_id, new.paid_by
      using errcode = 'check_violation', constraint = 'own_share';
  end if;
  if new.paid_by = coalesce((select a.acted_by from settlement_approval a where a.settlement_id = new.settlement_id and a.insurer = new.insurer),
      released.acted_by)
     or new.paid_by = (select e.acted_by from settlement_event e where e.settlement_id = new.settlement_id and e.state = 'reviewed') then
    raise exception 'settlement % was reviewed or approved by %: someone else must pay it', new.settlement_id, new.paid_by
      using errcode = 'check_violation', constraint = 'four_eyes';
  end if;
  if new.paid_on < no_earlier_than(released.acted_on) then
    raise exception 'settlement % is released since %: % lies before that', new.settlement_id, released.acted_on, new.paid_on
      using errcode = 'check_violation', constraint = 'days_in_order';
  end if;
  perform refuse_corrected(subject, 'paid');
  return new;
end $$;
create trigger payment_in_order before insert on payment for each row execute function refuse_payment();

-- Whether every share of a settlement is paid.
create function all_paid(settlement text) returns boolean language sql stable as $$
  select not exists (
    select from settlement s, unnest(s.insurers) share (insurer)
     where s.settlement_id = settlement
       and not exists (select from payment p where p.settlement_id = settlement and p.insurer in (share.insurer, '')))
$$;

create or replace function refuse_half_an_act() returns trigger language plpgsql as $$
begin
  if new.state = 'paid' and not all_paid(new.settlement_id) then
    raise exception 'settlement % is paid without a payment of every share', new.settlement_id
      using errcode = 'check_violation', constraint = 'paid_by_payment';
  end if;
  if new.state = 'rejected' and exists (
    select from ledger_entry l where l.settlement_id = new.settlement_id and l.reverses is null
       and not exists (select from ledger_entry r where r.reverses = l.entry_id)) then
    raise exception 'settlement % is rejected and its entries stand', new.settlement_id
      using errcode = 'check_violation', constraint = 'rejected_is_reversed';
  end if;
  return null;
end $$;

create or replace function refuse_payment_alone() returns trigger language plpgsql as $$
begin
  if new.settlement_id is not null and all_paid(new.settlement_id) and not exists (
    select from settlement_event e where e.settlement_id = new.settlement_id and e.state = 'paid') then
    raise exception 'payment % is the last of settlement %, which is not paid', new.payment_id, new.settlement_id
      using errcode = 'check_violation', constraint = 'paid_by_payment';
  end if;
  return null;
end $$;

create function refuse_approval_alone() returns trigger language plpgsql as $$
begin
  if not exists (select from settlement_event e where e.settlement_id = new.settlement_id and e.state = 'released')
     and (select count(*) from settlement_approval a where a.settlement_id = new.settlement_id)
       = (select cardinality(s.insurers) from settlement s where s.settlement_id = new.settlement_id) then
    raise exception 'settlement % is approved by all, and not released', new.settlement_id
      using errcode = 'check_violation', constraint = 'all_approved';
  end if;
  return null;
end $$;
create constraint trigger settlement_approval_whole after insert on settlement_approval
  deferrable initially deferred for each row execute function refuse_approval_alone();

-- Decisions about models: an analyst of the region, or the operator at the command line.
create or replace function refuse_model_decision() returns trigger language plpgsql as $$
declare
  last record;
  open text[];
begin
  perform pg_advisory_xact_lock(hashtext('model_decision'), hashtext(new.model_id)); -- a model has one history
  select d.state, d.decided_on into last from model_decision d where d.model_id = new.model_id order by d.seq desc limit 1;
  open := case coalesce(last.state, '')
    when '' then '{draft}' when 'draft' then '{validated,retired}' when 'retired' then '{}' else '{payable,retired}' end::text[];
  if new.state <> all (open) then
    raise exception 'model % is %: it cannot become %', new.model_id, coalesce(last.state, 'not registered'), new.state
      using errcode = 'check_violation', constraint = 'model_states_in_order';
  end if;
  if new.state in ('payable', 'retired') and (signer_role(new.decided_by) not in ('analyst', 'operator') or current_identity() is not null and not exists (
    select from run_model m join run r using (run_id) where m.model_id = new.model_id and r.region_id = my_region())) then
    raise exception 'model % is not for % to decide on', new.model_id, new.decided_by
      using errcode = 'check_violation', constraint = 'model_of_the_region';
  end if;
  if new.decided_on < no_earlier_than(last.decided_on) then
    raise exception 'model % was decided on last on %: a decision cannot be dated %', new.model_id, last.decided_on, new.decided_on
      using errcode = 'check_violation', constraint = 'model_decisions_in_time';
  end if;
  if new.state = 'validated' and not exists (select from model_validation v where v.model_id = new.model_id and v.holds) then
    raise exception 'model % has not passed its checks: it cannot become validated', new.model_id
      using errcode = 'check_violation', constraint = 'model_checks_hold';
  end if;
  if new.state = 'payable' and exists (
    select from model_decision d where d.model_id = new.model_id and d.state = 'draft' and lower(d.decided_by) = lower(new.decided_by)) then
    raise exception 'model % was prepared by %: someone else must make it payable', new.model_id, new.decided_by
      using errcode = 'check_violation', constraint = 'model_payable_by_another';
  end if;
  return new;
end $$;

create trigger dated_by_the_database before insert on settlement_event for each row execute function refuse_other_day('acted_on');
create trigger dated_by_the_database before insert on settlement_approval for each row execute function refuse_other_day('acted_on');
create trigger dated_by_the_database before insert on payment for each row execute function refuse_other_day('paid_on');
create trigger dated_by_the_database before insert on dispute for each row execute function refuse_other_day('filed_on');
create trigger dated_by_the_database before insert on ruling for each row execute function refuse_other_day('ruled_on');
create trigger dated_by_the_database before insert on model_decision for each row execute function refuse_other_day('decided_on');
create trigger signed_by_the_identity before insert on settlement_approval for each row execute function refuse_other_signature('acted_by');

-- Who sees approvals and payments: analysts and auditors all of the region, an insurer its own, a partner the payments that paid it.
alter table settlement_approval enable row level security;
create policy by_identity on settlement_approval for select to winst_request using (
  settlement_id in (select s.settlement_id from settlement s)
  and ((select my_role()) in ('analyst', 'auditor') or (select my_role()) = 'insurer' and insurer = (select my_subject())));
grant select on settlement_approval to winst_request;
grant select, insert on settlement_approval to winst_app;

create or replace function my_payments() returns setof text language sql stable security definer set search_path = public, pg_temp as $$
  select p.payment_id from payment p
   where p.region_id = my_region() and case my_role()
     when 'insurer' then p.insurer = my_subject()
       or exists (select from ledger_entry l where l.payment_id = p.payment_id and l.insurer = my_subject())
     when 'partner' then exists (select from ledger_entry l where l.payment_id = p.payment_id and l.partner_id = my_subject())
     else false end
$$;
drop policy by_identity on payment;
create policy by_identity on payment for select to winst_request using (
  case when (select my_role()) in ('analyst', 'auditor') then region_id = (select my_region()) else payment_id in (select my_payments()) end);
-- Which insurers share in it, to those who read all of it, and to an insurer that it does.
create function settlement_insurers(id text) returns text[] language sql stable security definer set search_path = public, pg_temp as $$
  select case when current_identity() is null or my_role() in ('analyst', 'auditor') then s.insurers else array[my_subject()] end
    from settlement s
   where s.settlement_id = id and (current_identity() is null or s.region_id = my_region() and (
     my_role() in ('analyst', 'auditor') or my_role() = 'insurer' and my_subject() = any (s.insurers)))
$$;
revoke all on function settlement_insurers(text) from public;
grant execute on function settlement_insurers(text) to winst_request, winst_app;
