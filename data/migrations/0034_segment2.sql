-- Segment 2: what was declared, what insurers answered, what was passed on, and a book of its own. No row of it touches a settlement or a payment.

create table declaration (
  declaration_no int generated always as identity primary key,
  region_id int not null references region,
  contract_id text not null,
  contract_sha256 text not null references contract,
  quarter_day date not null,
  as_of date not null,
  declared_by text not null check (declared_by <> ''),
  declared_on date not null,
  unique (region_id, contract_id, quarter_day)
);
comment on table declaration is 'Grain: one message of one contract on one quarter day, to all its insurers, as known at as_of. Unit: calendar days.';

create table declaration_line (
  region_id int not null references region,
  line_id text not null check (line_id <> ''),
  declaration_no int not null references declaration,
  patient_key int not null references patient,
  practice_id text not null,
  partner_id text not null,
  insurer text not null check (insurer ~ '^[0-9]{4}$'),
  programme text not null,
  quarter_day date not null,
  cents bigint not null,
  credits text,
  primary key (region_id, line_id),
  foreign key (region_id, credits) references declaration_line,
  unique (region_id, credits),
  constraint credit_below_zero check ((credits is null) = (cents > 0) and cents <> 0)
);
comment on table declaration_line is 'Grain: one patient and quarter day that was declared, or the credit of one; practice_id is the enrolment''s own partner, partner_id the contract''s. Unit: EUR cents.';
comment on column declaration_line.credits is 'the debit line that this one takes back; a line is taken back once';
create index declaration_line_by_day on declaration_line (region_id, quarter_day, patient_key);

create table remittance_answer (
  answer_no int generated always as identity primary key,
  region_id int not null,
  line_id text not null,
  state text not null check (state in ('approved', 'rejected', 'credited')),
  cents bigint not null check (cents > 0),
  paid_on date check (paid_on is not null or state = 'rejected'),
  reason text not null default '',
  remitted_by text not null check (remitted_by <> ''),
  remitted_on date not null,
  foreign key (region_id, line_id) references declaration_line,
  unique nulls not distinct (region_id, line_id, state, cents, paid_on)
);
comment on table remittance_answer is 'Grain: one answer of an insurer to one declared line: approved and paid, rejected, or a credit settled. Unit: EUR cents.';

create table segment2_payout (
  payout_no int generated always as identity primary key,
  region_id int not null references region,
  paid_on date not null,
  paid_by text not null check (paid_by <> '')
);
comment on table segment2_payout is 'Grain: one time that what had come in was passed on. Unit: calendar days.';

create table segment2_passed (
  answer_no int not null references remittance_answer,
  partner_id text not null,
  payout_no int not null references segment2_payout,
  cents bigint not null check (cents <> 0),
  advanced_cents bigint not null default 0 check (advanced_cents between 0 and greatest(cents, 0)),
  due_on date not null,
  primary key (answer_no, partner_id)
);
comment on table segment2_passed is 'Grain: what one recipient got of one answer''s cents; partner_id empty: it stays with the organisation. An answer is passed on once. Unit: EUR cents.';

comment on column segment2_passed.advanced_cents is 'of cents, what the recipient had before as an advance on the tariff, and is not paid again';

create table segment2_entry (
  region_id int not null references region,
  seq int not null check (seq > 0),
  posting text not null check (posting ~ '^(declaration|remittance|payout) '),
  account text not null check (account in ('receivable', 'declared', 'passed_on', 'organisation')),
  partner_id text not null,
  insurer text not null,
  debit_cents bigint not null,
  credit_cents bigint not null,
  posted_on date not null,
  previous_hash text not null,
  hash text not null,
  primary key (region_id, seq),
  constraint one_side check (debit_cents >= 0 and credit_cents >= 0 and (debit_cents > 0) <> (credit_cents > 0))
);
comment on table segment2_entry is 'Grain: one entry of a region''s book of segment 2; the entries of a posting balance, and each is chained to the region''s last by hash. Unit: EUR cents.';
comment on column segment2_entry.posting is 'what posted it: a message, a file of answers or a payout, with its number';
create index segment2_entry_by_posting on segment2_entry (region_id, posting, seq);

create function segment2_hash(entry segment2_entry) returns text language sql immutable as $$
  select encode(sha256(convert_to(concat_ws(chr(31), entry.previous_hash, entry.region_id, entry.seq, entry.posting, entry.account, entry.partner_id,
    entry.insurer, entry.debit_cents, entry.credit_cents, to_char(entry.posted_on, 'YYYY-MM-DD')), 'UTF8')), 'hex')
$$;
create function refuse_broken_segment2() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  last record;
begin
  select l.seq, l.hash into last from segment2_entry l where l.region_id = new.region_id order by l.seq desc limit 1;
  new.seq := coalesce(last.seq, 0) + 1;
  new.previous_hash := coalesce(last.hash, repeat('0', 64));
  new.hash := segment2_hash(new);
  return new;
end $$;
comment on function refuse_broken_segment2() is 'Gives an entry its place in the chain of its region.';
create trigger segment2_entry_continues_chain before insert on segment2_entry for each row execute function refuse_broken_segment2();

create function refuse_unbalanced_segment2() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  difference numeric;
begin
  -- once a posting, at its last entry
  if exists (select from segment2_entry l where l.region_id = new.region_id and l.posting = new.posting and l.seq > new.seq) then
    return null;
  end if;
  select sum(l.debit_cents) - sum(l.credit_cents) into difference from segment2_entry l where l.region_id = new.region_id and l.posting = new.posting;
  if difference <> 0 then
    raise exception 'the entries of % do not balance: debits exceed credits by % cents', new.posting, difference
      using errcode = 'check_violation', constraint = 'posting_balances';
  end if;
  return null;
end $$;
create constraint trigger posting_balances after insert on segment2_entry
  deferrable initially deferred for each row execute function refuse_unbalanced_segment2();

select append_only(t::regclass) from unnest(array['declaration', 'declaration_line', 'remittance_answer', 'segment2_payout', 'segment2_passed',
  'segment2_entry']) t;
create trigger signed_by_the_identity before insert on declaration for each row execute function refuse_other_signature('declared_by');
create trigger signed_by_the_identity before insert on remittance_answer for each row execute function refuse_other_signature('remitted_by');
create trigger signed_by_the_identity before insert on segment2_payout for each row execute function refuse_other_signature('paid_by');

-- That a message, and a payout, is there: every party of the region. Lines hold persons: analysts, auditors, and partners of their own. The book:
-- an insurer and a partner their own entries. Researchers: no money.
do $$
declare t text;
begin
  foreach t in array array['declaration', 'segment2_payout'] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy by_identity on %I for select to winst_request using (
      region_id = (select my_region()) and (select my_role()) in (''analyst'', ''auditor'', ''insurer'', ''partner''))', t);
  end loop;
end $$;
alter table declaration_line enable row level security;
create policy by_identity on declaration_line for select to winst_request using (region_id = (select my_region()) and
  case (select my_role()) when 'analyst' then true when 'auditor' then true
  when 'partner' then partner_id = (select my_subject()) or practice_id = any ((select my_partners())::text[]) else false end);
alter table remittance_answer enable row level security;
create policy by_identity on remittance_answer for select to winst_request using (region_id = (select my_region()) and
  exists (select from declaration_line l where l.region_id = remittance_answer.region_id and l.line_id = remittance_answer.line_id));
alter table segment2_passed enable row level security;
create policy by_identity on segment2_passed for select to winst_request using (
  exists (select from segment2_payout p where p.payout_no = segment2_passed.payout_no) and
  case (select my_role()) when 'analyst' then true when 'auditor' then true
  when 'partner' then partner_id = any ((select my_partners())::text[]) else false end);
alter table segment2_entry enable row level security;
create policy by_identity on segment2_entry for select to winst_request using (region_id = (select my_region()) and
  case (select my_role()) when 'analyst' then true when 'auditor' then true when 'insurer' then insurer = (select my_subject())
  when 'partner' then partner_id = any ((select my_partners())::text[]) else false end);
grant select on declaration, declaration_line, remittance_answer, segment2_payout, segment2_passed, segment2_entry to winst_request;
grant select, insert on declaration, declaration_line, remittance_answer, segment2_payout, segment2_passed, segment2_entry to winst_app;
