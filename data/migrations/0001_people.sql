-- Regions, deliveries, and who is where: partners, patients, enrolments.
-- Two clocks everywhere: a date column says when something happened; delivery_id says when we learned it.

create extension if not exists btree_gist;

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: % refused; a correction is a row of a later delivery', tg_table_name, lower(tg_op)
    using errcode = 'restrict_violation';
end $$;
comment on function refuse_change() is 'Keeps history: facts, expectations, settlements and the ledger only ever grow.';

create function append_only(target regclass) returns void language plpgsql as $$
begin
  execute format(
    'create trigger append_only before update or delete or truncate on %s for each statement execute function refuse_change()',
    target);
end $$;
comment on function append_only(regclass) is 'Makes a table append-only: update, delete and truncate are refused.';

create table region (
  region_id int generated always as identity primary key,
  name text not null unique check (name <> '')
);
comment on table region is 'Grain: one region, whose data never mix with another''s. No unit.';

create table delivery (
  delivery_id int generated always as identity primary key,
  region_id int not null references region,
  delivered_on date not null,
  content_sha256 text not null check (content_sha256 ~ '^[0-9a-f]{64}$'),
  unique (region_id, delivered_on, content_sha256)
);
comment on table delivery is
  'Grain: one directory handed in by a region. Rows are known from delivered_on; of several, the greatest (delivered_on, delivery_id) is the latest. No unit.';
comment on column delivery.content_sha256 is 'SHA-256 over the files read and the choices that shape their rows';

create table delivery_rejects (
  delivery_id int primary key references delivery,
  csv_gzip bytea not null
);
comment on table delivery_rejects is 'Grain: one delivery; the bytes of its rejects.csv, gzipped, so that importing it again tells the same. No unit.';

create table source_file (
  source_file_id int generated always as identity primary key,
  delivery_id int not null references delivery deferrable initially deferred,
  name text not null,
  rows bigint not null check (rows >= 0),
  rejected bigint not null check (rejected between 0 and rows),
  unique (delivery_id, name)
);
comment on table source_file is 'Grain: one file of one delivery. Unit of rows and rejected: rows of the file, header not counted.';

create table programme_definition (
  region_id int not null references region,
  delivery_id int not null references delivery deferrable initially deferred,
  programme text not null,
  definition json not null, -- not jsonb: the order of measures is told
  primary key (region_id, programme, delivery_id)
);
comment on table programme_definition is
  'Grain: one programme definition that a region delivered; the latest delivery of a programme counts. Units are inside the definition.';

create table partner (
  partner_row bigint generated always as identity primary key,
  region_id int not null references region,
  partner_id text not null,
  name text not null,
  kind text not null check (kind in
    ('gp_practice', 'care_group', 'hospital', 'diagnostic_centre', 'mental_health', 'home_care', 'patient_organisation')),
  agb text check (agb ~ '^[0-9]{8}$'),
  member_of text check (member_of <> partner_id),
  delivery_id int not null,
  source_file_id int not null,
  line int not null,
  unique (region_id, partner_id, delivery_id)
);
comment on table partner is 'Grain: one partner of a region as one delivery describes it. No unit.';

create table patient (
  patient_key int generated always as identity primary key,
  region_id int not null references region,
  patient_id text not null check (patient_id <> ''),
  shard smallint not null check (shard between 0 and 15),
  unique (region_id, patient_id)
);
comment on table patient is 'Grain: one patient of a region, identity only; shard is a hash of patient_id. patient_key is ours: it never leaves the database. No unit.';

create table patient_state (
  region_id int not null,
  patient_key int not null references patient,
  birth_year smallint not null check (birth_year between 1850 and 2199),
  sex char(1) not null check (sex in ('m', 'f', 'x')),
  postcode4 text check (postcode4 ~ '^[0-9]{4}$'),
  insurer text check (insurer ~ '^[0-9]{4}$'),
  died_on date,
  delivery_id int not null,
  source_file_id int not null,
  line int not null,
  primary key (region_id, patient_key, delivery_id)
);
comment on table patient_state is 'Grain: one patient as one delivery describes it. Units: calendar year, UZOVI code, calendar day.';

create table enrolment (
  region_id int not null,
  patient_key int not null references patient,
  programme text not null,
  partner_id text not null,
  started_on date not null,
  ended_on date check (ended_on >= started_on),
  end_reason text check (end_reason in ('died', 'moved', 'specialist', 'declined', 'recovered', 'other')),
  main_practitioner text check (main_practitioner in ('gp', 'specialist', 'none')),
  delivery_id int not null,
  source_file_id int not null,
  line int not null,
  constraint enrolments_do_not_overlap exclude using gist
    (patient_key with =, programme with =, delivery_id with =, daterange(started_on, ended_on) with &&)
);
comment on table enrolment is
  'Grain: one stay of one patient in one programme with one partner, half-open [started_on, ended_on), as one delivery describes it. Unit: calendar days.';

-- A later delivery that speaks about a key replaces everything an earlier one said about it. The earlier rows stay; these tables say from when they count no more.
create table superseded_partner (
  region_id int not null, partner_id text not null,
  delivery_id int not null, by_delivery_id int not null check (by_delivery_id > delivery_id),
  primary key (region_id, partner_id, delivery_id)
);
create table superseded_patient_state (
  region_id int not null, patient_key int not null,
  delivery_id int not null, by_delivery_id int not null check (by_delivery_id > delivery_id),
  primary key (region_id, patient_key, delivery_id)
);
create table superseded_enrolment (
  region_id int not null, patient_key int not null, programme text not null,
  delivery_id int not null, by_delivery_id int not null check (by_delivery_id > delivery_id),
  primary key (region_id, patient_key, programme, delivery_id)
);
comment on table superseded_partner is 'Grain: what delivery_id said about one partner, replaced by what by_delivery_id says. No unit.';
comment on table superseded_patient_state is 'Grain: what delivery_id said about one patient, replaced by what by_delivery_id says. No unit.';
comment on table superseded_enrolment is 'Grain: what delivery_id said about one patient in one programme, replaced by what by_delivery_id says. No unit.';

create function deliveries_known(region int, as_of date) returns int[] language sql stable as $$
  select coalesce(array_agg(delivery_id), '{}') from delivery where region_id = region and delivered_on <= as_of
$$;
comment on function deliveries_known(int, date) is 'The deliveries of a region that were known on a day, that day included.';

create function partner_known(region int, as_of date) returns setof partner language sql stable as $$
  select fact.* from partner fact
  where fact.region_id = region and fact.delivery_id = any ((select deliveries_known(region, as_of))::int[])
    and not exists (
      select from superseded_partner s
      where s.region_id = fact.region_id and s.partner_id = fact.partner_id and s.delivery_id = fact.delivery_id
        and s.by_delivery_id = any ((select deliveries_known(region, as_of))::int[]))
$$;
create function patient_state_known(region int, as_of date) returns setof patient_state language sql stable as $$
  select fact.* from patient_state fact
  where fact.region_id = region and fact.delivery_id = any ((select deliveries_known(region, as_of))::int[])
    and not exists (
      select from superseded_patient_state s
      where s.region_id = fact.region_id and s.patient_key = fact.patient_key and s.delivery_id = fact.delivery_id
        and s.by_delivery_id = any ((select deliveries_known(region, as_of))::int[]))
$$;
create function enrolment_known(region int, as_of date) returns setof enrolment language sql stable as $$
  select fact.* from enrolment fact
  where fact.region_id = region and fact.delivery_id = any ((select deliveries_known(region, as_of))::int[])
    and not exists (
      select from superseded_enrolment s
      where s.region_id = fact.region_id and s.patient_key = fact.patient_key and s.programme = fact.programme
        and s.delivery_id = fact.delivery_id
        and s.by_delivery_id = any ((select deliveries_known(region, as_of))::int[]))
$$;

select append_only(t::regclass) from unnest(array[
  'region', 'delivery', 'delivery_rejects', 'source_file', 'programme_definition', 'partner', 'patient', 'patient_state', 'enrolment',
  'superseded_partner', 'superseded_patient_state', 'superseded_enrolment']) t;
