-- The life of a settlement, and payments: append-only events whose order and hands the database guards itself.

create table settlement_event (
  settlement_id text not null references settlement,
  step smallint not null check (step between 1 and 3),
  state text not null check (state in ('reviewed', 'released', 'paid', 'rejected')),
  finality text check (finality in ('provisional', 'final')),
  acted_by text not null check (acted_by <> ''),
  acted_on date not null,
  note text not null default '',
  seq bigint generated always as identity unique,
  primary key (settlement_id, step),
  unique (settlement_id, state),
  constraint finality_is_of_a_release check ((finality is not null) = (state = 'released'))
);
comment on table settlement_event is 'Grain: one per act on a settlement after its preparation, which is its row in settlement. No unit.';
comment on column settlement_event.acted_by is 'role:subject of the token that acted';
comment on column settlement_event.finality is 'provisional pays the advance share, final closes';
comment on column settlement_event.seq is 'order in which acts were recorded, over all settlements';

-- Releases of before, when nobody recorded a review: they stand as what they were, releases by someone else than the preparer.
insert into settlement_event (settlement_id, step, state, finality, acted_by, acted_on, note)
  select r.settlement_id, 1, 'released', 'final', r.released_by, s.as_of, 'released before reviews and days were recorded'
    from settlement_release r join settlement s using (settlement_id) order by r.seq;
drop table settlement_release;
drop function refuse_own_release();

create view settlement_state as
  select s.settlement_id, coalesce(last.state, 'prepared') as state, coalesce(last.acted_on, s.as_of) as state_since,
         released.acted_by as released_by, released.acted_on as released_on, released.finality
    from settlement s
    left join lateral (
      select e.state, e.acted_on from settlement_event e where e.settlement_id = s.settlement_id order by e.step desc limit 1) last on true
    left join settlement_event released on released.settlement_id = s.settlement_id and released.state = 'released';
comment on view settlement_state is 'Grain: one per settlement: the last event of its life, and its release if it was released. No unit.';

-- The same rules as engine/life.ts: kept here too, so that no program can step around them.
create function refuse_act() returns trigger language plpgsql as $$
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
  if (new.state in ('reviewed', 'released') and new.acted_by = subject.prepared_by) or (new.state = 'released' and new.acted_by = last.acted_by) then
    raise exception 'settlement % was prepared by % and reviewed by %: someone else must have it %', new.settlement_id, subject.prepared_by,
      coalesce(last.acted_by, 'nobody yet'), new.state using errcode = 'check_violation', constraint = 'four_eyes';
  end if;
  if new.acted_on < coalesce(last.acted_on, subject.as_of) then
    raise exception 'settlement % is % since %: % lies before that', new.settlement_id, coalesce(last.state, 'prepared'),
      coalesce(last.acted_on, subject.as_of), new.acted_on using errcode = 'check_violation', constraint = 'days_in_order';
  end if;
  if new.state in ('released', 'paid') and exists (
    select from settlement newer join settlement_state n using (settlement_id)
     where newer.contract_id = subject.contract_id and newer.region_id = subject.region_id and n.state <> 'rejected'
       and (newer.as_of, newer.seq) > (subject.as_of, subject.seq)) then
    raise exception 'settlement % is corrected by a later one: it cannot be % any more', new.settlement_id, new.state
      using errcode = 'check_violation', constraint = 'latest_state_holds';
  end if;
  if new.finality = 'provisional' and exists (
    select from settlement other join settlement_state o using (settlement_id)
     where other.contract_id = subject.contract_id and other.region_id = subject.region_id and o.finality = 'final') then
    raise exception 'settlement % follows a final one of its contract: it can only be final', new.settlement_id
      using errcode = 'check_violation', constraint = 'final_stays_final';
  end if;
  return new;
end $$;
create trigger settlement_event_in_order before insert on settlement_event for each row execute function refuse_act();

create table payment (
  payment_id text primary key check (payment_id ~ '^[0-9a-f]{64}$'),
  contract_id text not null,
  region_id int not null references region,
  settlement_id text unique references settlement,
  advance_on date,
  paid_by text not null check (paid_by <> ''),
  paid_on date not null,
  seq bigint generated always as identity unique,
  unique (contract_id, region_id, advance_on),
  constraint settlement_or_advance check ((settlement_id is null) <> (advance_on is null))
);
comment on table payment is 'Grain: one per payment of a settlement, or of the advances of one quarter day; its amounts are its entries in the ledger. No unit.';
comment on column payment.advance_on is 'the quarter day that an advance is for; null: the payment of a settlement';

-- The ledger takes the entries of payments too. What was hashed stays as it was hashed.
alter table ledger_entry alter column settlement_id drop not null;
alter table ledger_entry add column payment_id text references payment;
alter table ledger_entry add constraint of_one_posting check ((settlement_id is null) <> (payment_id is null));
alter table ledger_entry drop constraint ledger_entry_account_check;
alter table ledger_entry add constraint ledger_entry_account_check check (account in ('insurer', 'coalition', 'partner', 'chain', 'advances'));
alter table ledger_entry add constraint advances_are_payments check (account <> 'advances' or payment_id is not null);
comment on column ledger_entry.payment_id is 'the payment that posted the entry; null: its settlement did';
create index ledger_entry_by_payment on ledger_entry (payment_id, seq) where payment_id is not null;

create or replace function ledger_hash(entry ledger_entry) returns text language sql immutable as $$
  select encode(sha256(convert_to(concat_ws(chr(31),
    entry.previous_hash, entry.seq, entry.entry_id, coalesce(entry.settlement_id, entry.payment_id), entry.account, entry.partner_id, entry.insurer,
    entry.debit_cents, entry.credit_cents, to_char(entry.posted_on, 'YYYY-MM-DD'), coalesce(entry.reverses, '')), 'UTF8')), 'hex')
$$;

-- Looks once a posting, at its last entry, when the transaction ends.
create or replace function refuse_unbalanced() returns trigger language plpgsql as $$
declare
  difference_cents numeric;
begin
  if new.settlement_id is not null then
    if exists (select from ledger_entry l where l.settlement_id = new.settlement_id and l.seq > new.seq) then
      return null;
    end if;
    select sum(l.debit_cents) - sum(l.credit_cents) into difference_cents from ledger_entry l where l.settlement_id = new.settlement_id;
  else
    if exists (select from ledger_entry l where l.payment_id = new.payment_id and l.seq > new.seq) then
      return null;
    end if;
    select sum(l.debit_cents) - sum(l.credit_cents) into difference_cents from ledger_entry l where l.payment_id = new.payment_id;
  end if;
  if difference_cents <> 0 then
    raise exception 'the entries of % % do not balance: debits exceed credits by % cents',
      case when new.settlement_id is null then 'payment' else 'settlement' end, coalesce(new.settlement_id, new.payment_id), difference_cents
      using errcode = 'check_violation', constraint = 'settlement_balances';
  end if;
  return null;
end $$;

-- A settlement is paid exactly when its payment is posted, and a rejected one has nothing standing in the book.
create function refuse_half_an_act() returns trigger language plpgsql as $$
begin
  if new.state = 'paid' and not exists (select from payment p where p.settlement_id = new.settlement_id) then
    raise exception 'settlement % is paid without a payment', new.settlement_id
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
create constraint trigger settlement_event_whole after insert on settlement_event
  deferrable initially deferred for each row execute function refuse_half_an_act();

create function refuse_payment_alone() returns trigger language plpgsql as $$
begin
  if new.settlement_id is not null and not exists (
    select from settlement_event e where e.settlement_id = new.settlement_id and e.state = 'paid') then
    raise exception 'payment % is of settlement %, which is not paid', new.payment_id, new.settlement_id
      using errcode = 'check_violation', constraint = 'paid_by_payment';
  end if;
  return null;
end $$;
create constraint trigger payment_is_an_act after insert on payment
  deferrable initially deferred for each row execute function refuse_payment_alone();

select append_only(t::regclass) from unnest(array['settlement_event', 'payment']) t;
