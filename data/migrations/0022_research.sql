-- Research: one settlement of a programme and its days is open, questions are registered before they are answered, and answers are kept. What is
-- not an answer, no researcher can read.

-- Persons of a run by what research breaks down by; few in a cell, so never shown as they are.
create table research_cell (
  run_key int not null,
  measure_id smallint not null,
  fine text not null check (fine in ('partner', 'year', 'postcode_area', 'condition')),
  value text not null,
  cohort text not null check (cohort in ('contract', 'control')),
  age smallint not null,
  sex char(1) not null,
  eligible int not null check (eligible > 0),
  measured int not null check (measured between 0 and eligible),
  contributions int not null check (contributions between 0 and eligible),
  moments float8[] not null check (cardinality(moments) = 12),
  primary key (run_key, fine, measure_id, value, cohort, age, sex)
);
comment on table research_cell is
  'Grain: one per run, outcome, fine dimension and its value, cohort (contract or control partners), ten-year age band and sex: persons of the contract year, measured or missing';
comment on column research_cell.value is 'a coded partner, a calendar year, the first two digits of a postcode, a chapter of diagnoses';
comment on column research_cell.age is 'first year of the band, by calendar year of the index date';
comment on column research_cell.moments is
  'sums of values and of squares, in turn: mean of the expectation, realised (unit of the measure), expected, realised, gain (health scale) over the measured; contribution over all that have one';

-- The settlement that research is answered from. A later one of the same programme and days is opened only where nobody follows by subtraction.
create table research_edition (
  settlement_id text primary key references settlement,
  region_id int not null references region,
  is_open boolean not null,
  cells_that_tell int not null check (cells_that_tell >= 0),
  seq bigint generated always as identity unique,
  constraint open_where_nothing_tells check (is_open = (cells_that_tell = 0))
);
comment on table research_edition is
  'Grain: one per settlement that was opened to research, or held against the open ones and kept closed. Unit of cells_that_tell: cells that would tell of one to nine persons by subtraction.';

create table question (
  question_id text primary key check (question_id ~ '^[0-9a-f]{64}$'),
  region_id int not null references region,
  contract_id text not null,
  settlement_id text references settlement,
  asked_by text not null check (asked_by <> ''),
  asked_at timestamptz not null default now(),
  document json not null,
  seq bigint generated always as identity unique
);
comment on table question is 'Grain: one per question of research, registered with its analysis plan before it is answered. No unit.';
comment on column question.settlement_id is 'the settlement that it names; null: the one that is open';
create index question_by_region on question (region_id, seq);

create table answer (
  question_id text primary key references question,
  settlement_id text not null references settlement,
  answered_at timestamptz not null default now(),
  document text not null
);
comment on table answer is 'Grain: one per question that was answered: what every later look at it gives, byte for byte. No unit.';

select append_only(t::regclass) from unnest(array['research_cell', 'research_edition', 'question', 'answer']) t;

-- Open settlements of the region whose programme and days are those of this one.
create function research_editions_beside(id text) returns setof text language sql stable set search_path = public, pg_temp as $$
  select o.settlement_id
    from research_edition e
    join settlement o using (settlement_id)
    join run ro on ro.run_id = o.run_id
    join contract co on co.contract_sha256 = ro.contract_sha256
    join settlement s on s.settlement_id = id and s.region_id = o.region_id and s.settlement_id <> o.settlement_id
    join run rs on rs.run_id = s.run_id
    join contract cs on cs.contract_sha256 = rs.contract_sha256
   where e.is_open and co.programme = cs.programme
     and daterange((co.document #>> '{period,start}')::date, (co.document #>> '{period,end}')::date, '[]')
      && daterange((cs.document #>> '{period,start}')::date, (cs.document #>> '{period,end}')::date, '[]')
   order by e.seq
$$;

-- The first final release of a programme and days is what research is answered from.
create function open_first_edition() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  of_region int := (select s.region_id from settlement s where s.settlement_id = new.settlement_id);
begin
  perform pg_advisory_xact_lock(hashtext('research'), of_region);
  insert into research_edition (settlement_id, region_id, is_open, cells_that_tell)
  select new.settlement_id, of_region, true, 0 where not exists (select from research_editions_beside(new.settlement_id))
  on conflict do nothing;
  return null;
end $$;
create trigger open_first_edition after insert on settlement_event for each row when (new.state = 'released' and new.finality = 'final')
  execute function open_first_edition();

do $$
declare
  released record;
begin
  for released in select e.settlement_id, s.region_id from settlement_event e join settlement s using (settlement_id)
                   where e.state = 'released' and e.finality = 'final' order by e.seq loop
    insert into research_edition (settlement_id, region_id, is_open, cells_that_tell)
    select released.settlement_id, released.region_id, true, 0
     where not exists (select from research_editions_beside(released.settlement_id));
  end loop;
end $$;

-- An answer is of a settlement that is open, in the question's own region.
create function refuse_closed_answer() returns trigger language plpgsql as $$
begin
  if not exists (
    select from research_edition e join question q using (region_id)
     where q.question_id = new.question_id and e.settlement_id = new.settlement_id and e.is_open) then
    raise exception 'settlement % is not open to research', new.settlement_id
      using errcode = 'check_violation', constraint = 'answer_of_an_open_settlement';
  end if;
  return new;
end $$;
create trigger answer_of_an_open_settlement before insert on answer for each row execute function refuse_closed_answer();
create trigger signed_by_the_identity before insert on question for each row execute function refuse_other_signature('asked_by');

-- A partner under the code by which research knows it: keyed by the secret of the store, so that nobody finds it by trying ids.
create function research_code(region int, partner text) returns text language sql stable security definer set search_path = public, pg_temp as $$
  select 'C' || upper(left(encode(sha256(convert_to(
    concat_ws(chr(31), s.secret, 'research', region, partner, s.secret), 'UTF8')), 'hex'), 10)) from identity_secret s
$$;
revoke all on function research_code(int, text) from public;
grant execute on function research_code(int, text) to winst_app;

-- The register is everybody's who does research in the region, and of analysts and auditors; cells are nobody's.
alter table research_cell enable row level security;
alter table research_edition enable row level security;
alter table question enable row level security;
alter table answer enable row level security;
create policy by_identity on research_edition for select to winst_request
  using (region_id = (select my_region()) and (select my_role()) in ('researcher', 'analyst', 'auditor'));
create policy by_identity on question for select to winst_request
  using (region_id = (select my_region()) and (select my_role()) in ('researcher', 'analyst', 'auditor'));
create policy by_identity on answer for select to winst_request
  using (question_id in (select q.question_id from question q));
grant select on research_edition, question, answer to winst_request;

-- Of settlements, a researcher sees those that are open: figures of two that differ by few would tell of these.
create policy open_to_research on settlement as restrictive for select to winst_request using (
  (select my_role()) <> 'researcher' or settlement_id in (select e.settlement_id from research_edition e where e.is_open));
create policy open_to_research on settlement_excerpt as restrictive for select to winst_request using (
  (select my_role()) <> 'researcher' or settlement_id in (select e.settlement_id from research_edition e where e.is_open));

-- Drift counts the measured by month: with an answer by group they would tell of a month of few. It is for whoever decides on models.
create policy not_for_research on drift_month as restrictive for select to winst_request using ((select my_role()) <> 'researcher');
create policy not_for_research on drift_alarm as restrictive for select to winst_request using ((select my_role()) <> 'researcher');
