-- What was seen, found, prescribed, claimed and promised. Who it is about is checked at import, row by row: a foreign key
-- would look up every patient a second time.

create table measure_key (
  measure_id smallint generated always as identity primary key,
  key text not null unique
);
comment on table measure_key is 'Grain: one measure key of any region, so that observations stay narrow. No unit.';

create table observation (
  region_id int not null,
  patient_key int not null,
  measure_id smallint not null,
  observed_on date not null,
  value float8 not null check (value > '-Infinity' and value < 'Infinity'),
  partner_id text,
  delivery_id int not null,
  source_file_id int not null,
  line int not null
);
comment on table observation is
  'Grain: one reading of one measure of one patient on one day. Unit of value: that of the measure, conversion done.';
-- An import writes its rows in order of patient, so that a block range index finds a patient at a hundredth of the size of a tree.
create index observation_by_patient on observation using brin (region_id, delivery_id, patient_key) with (pages_per_range = 32);

create table condition_episode (
  region_id int not null,
  patient_key int not null,
  code_system text not null check (code_system in ('ICPC-1', 'ICD-10', 'SNOMED')),
  code text not null,
  onset_on date not null,
  resolved_on date check (resolved_on >= onset_on),
  delivery_id int not null,
  source_file_id int not null,
  line int not null
);
comment on table condition_episode is 'Grain: one episode of one diagnosis of one patient, as one delivery describes it. Unit: calendar days.';
create index condition_episode_by_patient on condition_episode (region_id, patient_key);

create table medication (
  region_id int not null,
  patient_key int not null,
  atc text not null,
  started_on date not null,
  ended_on date check (ended_on >= started_on),
  delivery_id int not null,
  source_file_id int not null,
  line int not null
);
comment on table medication is 'Grain: one course of one medicine (ATC code) of one patient, as one delivery describes it. Unit: calendar days.';
create index medication_by_patient on medication (region_id, patient_key);

create table claim (
  region_id int not null,
  claim_id text not null,
  patient_key int not null,
  partner_id text not null,
  performed_on date not null,
  code text not null,
  quantity float8 not null check (quantity >= 0 and quantity < 'Infinity'),
  amount_cents bigint not null,
  setting text,
  delivery_id int not null,
  source_file_id int not null,
  line int not null,
  primary key (region_id, claim_id, delivery_id)
);
comment on table claim is 'Grain: one claimed act, as one delivery describes it. Units: quantity as declared under the code, amount in euro cents.';
create index claim_by_patient on claim (region_id, patient_key);

create table quality (
  region_id int not null,
  partner_id text not null,
  gate text not null,
  value text not null,
  period text,
  evidence text,
  delivery_id int not null,
  source_file_id int not null,
  line int not null,
  unique nulls not distinct (region_id, partner_id, gate, period, delivery_id)
);
comment on table quality is 'Grain: one promise of one partner in one period (null: always), as one delivery describes it. Unit: the gate''s own.';

create table superseded_observation (
  region_id int not null, patient_key int not null, measure_id smallint not null, observed_on date not null,
  delivery_id int not null, by_delivery_id int not null check (by_delivery_id > delivery_id),
  primary key (region_id, patient_key, measure_id, observed_on, delivery_id)
);
create table superseded_condition_episode (
  region_id int not null, patient_key int not null, code_system text not null, code text not null, onset_on date not null,
  delivery_id int not null, by_delivery_id int not null check (by_delivery_id > delivery_id),
  primary key (region_id, patient_key, code_system, code, onset_on, delivery_id)
);
create table superseded_medication (
  region_id int not null, patient_key int not null, atc text not null, started_on date not null,
  delivery_id int not null, by_delivery_id int not null check (by_delivery_id > delivery_id),
  primary key (region_id, patient_key, atc, started_on, delivery_id)
);
create table superseded_claim (
  region_id int not null, claim_id text not null,
  delivery_id int not null, by_delivery_id int not null check (by_delivery_id > delivery_id),
  primary key (region_id, claim_id, delivery_id)
);
create table superseded_quality (
  region_id int not null, partner_id text not null, gate text not null, period text,
  delivery_id int not null, by_delivery_id int not null check (by_delivery_id > delivery_id),
  unique nulls not distinct (region_id, partner_id, gate, period, delivery_id)
);
comment on table superseded_observation is 'Grain: what delivery_id said of one patient, measure and day, replaced by what by_delivery_id says. No unit.';
comment on table superseded_condition_episode is 'Grain: what delivery_id said of one diagnosis from one day, replaced by what by_delivery_id says. No unit.';
comment on table superseded_medication is 'Grain: what delivery_id said of one medicine from one day, replaced by what by_delivery_id says. No unit.';
comment on table superseded_claim is 'Grain: what delivery_id said of one claim, replaced by what by_delivery_id says. No unit.';
comment on table superseded_quality is 'Grain: what delivery_id said of one partner''s gate in one period, replaced by what by_delivery_id says. No unit.';

create function observation_known(region int, as_of date) returns setof observation language sql stable as $$
  select fact.* from observation fact
  where fact.region_id = region and fact.delivery_id = any ((select deliveries_known(region, as_of))::int[])
    and not exists (
      select from superseded_observation s
      where s.region_id = fact.region_id and s.patient_key = fact.patient_key and s.measure_id = fact.measure_id
        and s.observed_on = fact.observed_on and s.delivery_id = fact.delivery_id
        and s.by_delivery_id = any ((select deliveries_known(region, as_of))::int[]))
$$;
create function condition_episode_known(region int, as_of date) returns setof condition_episode language sql stable as $$
  select fact.* from condition_episode fact
  where fact.region_id = region and fact.delivery_id = any ((select deliveries_known(region, as_of))::int[])
    and not exists (
      select from superseded_condition_episode s
      where s.region_id = fact.region_id and s.patient_key = fact.patient_key and s.code_system = fact.code_system
        and s.code = fact.code and s.onset_on = fact.onset_on and s.delivery_id = fact.delivery_id
        and s.by_delivery_id = any ((select deliveries_known(region, as_of))::int[]))
$$;
create function medication_known(region int, as_of date) returns setof medication language sql stable as $$
  select fact.* from medication fact
  where fact.region_id = region and fact.delivery_id = any ((select deliveries_known(region, as_of))::int[])
    and not exists (
      select from superseded_medication s
      where s.region_id = fact.region_id and s.patient_key = fact.patient_key and s.atc = fact.atc
        and s.started_on = fact.started_on and s.delivery_id = fact.delivery_id
        and s.by_delivery_id = any ((select deliveries_known(region, as_of))::int[]))
$$;
create function claim_known(region int, as_of date) returns setof claim language sql stable as $$
  select fact.* from claim fact
  where fact.region_id = region and fact.delivery_id = any ((select deliveries_known(region, as_of))::int[])
    and not exists (
      select from superseded_claim s
      where s.region_id = fact.region_id and s.claim_id = fact.claim_id and s.delivery_id = fact.delivery_id
        and s.by_delivery_id = any ((select deliveries_known(region, as_of))::int[]))
$$;
create function quality_known(region int, as_of date) returns setof quality language sql stable as $$
  select fact.* from quality fact
  where fact.region_id = region and fact.delivery_id = any ((select deliveries_known(region, as_of))::int[])
    and not exists (
      select from superseded_quality s
      where s.region_id = fact.region_id and s.partner_id = fact.partner_id and s.gate = fact.gate
        and s.period is not distinct from fact.period and s.delivery_id = fact.delivery_id
        and s.by_delivery_id = any ((select deliveries_known(region, as_of))::int[]))
$$;

select append_only(t::regclass) from unnest(array[
  'measure_key', 'observation', 'condition_episode', 'medication', 'claim', 'quality', 'superseded_observation',
  'superseded_condition_episode', 'superseded_medication', 'superseded_claim', 'superseded_quality']) t;
