-- Settlements and the ledger: double entry in integer cents, append-only, every entry chained to the last by hash.

create table settlement (
  settlement_id text primary key check (settlement_id ~ '^[0-9a-f]{64}$'),
  run_id text not null references run,
  contract_id text not null,
  region_id int not null references region,
  as_of date not null,
  document text not null,
  prepared_by text not null check (prepared_by <> ''),
  seq bigint generated always as identity unique
);
comment on table settlement is 'Grain: one per settlement: a contract as known at as_of; the latest as_of of a contract and region holds';
comment on column settlement.document is 'settlement.json, byte for byte';
create index settlement_by_contract on settlement (contract_id, region_id, as_of desc, seq desc);

create table settlement_release (
  settlement_id text primary key references settlement,
  released_by text not null check (released_by <> ''),
  seq bigint generated always as identity unique
);
comment on table settlement_release is 'Grain: one per settlement made final; without a row it is provisional';

create function refuse_own_release() returns trigger language plpgsql as $$
begin
  if exists (select from settlement s where s.settlement_id = new.settlement_id and s.prepared_by = new.released_by) then
    raise exception 'settlement % was prepared by %: someone else must release it', new.settlement_id, new.released_by
      using errcode = 'check_violation', constraint = 'released_by_another';
  end if;
  return new;
end $$;
create trigger settlement_release_by_another before insert on settlement_release for each row execute function refuse_own_release();

create table ledger_entry (
  entry_id text primary key,
  settlement_id text not null references settlement,
  account text not null check (account in ('insurer', 'coalition', 'partner', 'chain')),
  partner_id text not null default '',
  insurer text not null default '',
  debit_cents bigint not null,
  credit_cents bigint not null,
  posted_on date not null,
  reverses text unique references ledger_entry,
  seq bigint not null unique check (seq > 0),
  previous_hash text not null check (previous_hash ~ '^[0-9a-f]{64}$'),
  hash text not null unique check (hash ~ '^[0-9a-f]{64}$'),
  constraint one_side check (debit_cents >= 0 and credit_cents >= 0 and (debit_cents > 0) <> (credit_cents > 0))
);
comment on table ledger_entry is 'Grain: one per entry; the entries of a settlement balance to the cent';
comment on column ledger_entry.debit_cents is 'EUR cents, as is credit_cents; exactly one of them is above 0';
comment on column ledger_entry.reverses is 'the entry that this one undoes; an entry is undone at most once';
comment on column ledger_entry.seq is 'the place in the chain: 1, 2, 3 … without a gap';
comment on column ledger_entry.hash is 'SHA-256 of the previous hash and this entry (ledger_hash)';
create index ledger_entry_by_settlement on ledger_entry (settlement_id, seq);
create index ledger_entry_by_partner on ledger_entry (partner_id, settlement_id);

-- Fields are joined by the unit separator, which no id may hold; a null is empty.
create function ledger_hash(entry ledger_entry) returns text language sql immutable as $$
  select encode(sha256(convert_to(concat_ws(chr(31),
    entry.previous_hash, entry.seq, entry.entry_id, entry.settlement_id, entry.account, entry.partner_id, entry.insurer,
    entry.debit_cents, entry.credit_cents, to_char(entry.posted_on, 'YYYY-MM-DD'), coalesce(entry.reverses, '')), 'UTF8')), 'hex')
$$;

create function refuse_broken_chain() returns trigger language plpgsql as $$
declare
  last record;
begin
  select l.seq, l.hash into last from ledger_entry l order by l.seq desc limit 1;
  if new.seq <> coalesce(last.seq, 0) + 1 or new.previous_hash <> coalesce(last.hash, repeat('0', 64)) or new.hash <> ledger_hash(new) then
    raise exception 'ledger entry % does not continue the chain after entry %', new.entry_id, coalesce(last.seq, 0)
      using errcode = 'check_violation', constraint = 'chain_is_whole';
  end if;
  return new;
end $$;
create trigger ledger_entry_continues_chain before insert on ledger_entry for each row execute function refuse_broken_chain();

-- Looks once a settlement, at its last entry, when the transaction ends.
create function refuse_unbalanced() returns trigger language plpgsql as $$
declare
  difference_cents numeric;
begin
  if exists (select from ledger_entry l where l.settlement_id = new.settlement_id and l.seq > new.seq) then
    return null;
  end if;
  select sum(l.debit_cents) - sum(l.credit_cents) into difference_cents from ledger_entry l where l.settlement_id = new.settlement_id;
  if difference_cents <> 0 then
    raise exception 'the entries of settlement % do not balance: debits exceed credits by % cents', new.settlement_id, difference_cents
      using errcode = 'check_violation', constraint = 'settlement_balances';
  end if;
  return null;
end $$;
create constraint trigger settlement_balances after insert on ledger_entry
  deferrable initially deferred for each row execute function refuse_unbalanced();

select append_only(t::regclass) from unnest(array['settlement', 'settlement_release', 'ledger_entry']) t;
