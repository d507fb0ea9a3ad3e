-- Facts of the chains: who insures a patient from which day, who takes part, and which partner has a contract with which insurer. And the
-- documents of a region beside its programmes: its own constants, its own precedence of programmes.

create table insured (
  region_id int not null,
  patient_key int not null references patient,
  insurer text not null check (insurer ~ '^[0-9]{4}$'),
  since date not null,
  until date check (until >= since),
  delivery_id int not null,
  source_file_id int not null,
  line int not null
);
comment on table insured is 'Grain: one patient with one insurer from a day on, half-open [since, until), as one delivery describes it; a later since ends an earlier one. Unit: calendar days.';
create index insured_by_patient on insured (region_id, patient_key);

create table participation (
  region_id int not null,
  patient_key int not null references patient,
  programme text not null,
  consent text not null check (consent in ('true', 'false')),
  since date not null,
  until date check (until >= since),
  delivery_id int not null,
  source_file_id int not null,
  line int not null
);
comment on table participation is 'Grain: what one patient said to taking part in one programme from a day on, half-open, as one delivery describes it; a later since ends an earlier one. Unit: calendar days.';
create index participation_by_patient on participation (region_id, patient_key);

create table provider_contract (
  region_id int not null,
  partner_id text not null,
  programme text not null,
  insurer text not null check (insurer ~ '^[0-9]{4}$'),
  starts_on date not null,
  ends_on date not null check (ends_on >= starts_on and ends_on < starts_on + interval '1 year'),
  main_contractor text,
  delivery_id int not null,
  source_file_id int not null,
  line int not null,
  constraint provider_contracts_do_not_overlap exclude using gist (region_id with =, partner_id with =, programme with =, insurer with =,
    delivery_id with =, daterange(starts_on, ends_on, '[]') with &&)
);
comment on table provider_contract is 'Grain: one contract of one partner with one insurer for one programme, of a year at most, both days included, as one delivery describes it. Unit: calendar days.';

create table superseded_insured (
  region_id int not null, patient_key int not null,
  delivery_id int not null, by_delivery_id int not null check (by_delivery_id > delivery_id),
  primary key (region_id, patient_key, delivery_id)
);
create table superseded_participation (
  region_id int not null, patient_key int not null, programme text not null,
  delivery_id int not null, by_delivery_id int not null check (by_delivery_id > delivery_id),
  primary key (region_id, patient_key, programme, delivery_id)
);
create table superseded_provider_contract (
  region_id int not null, partner_id text not null, programme text not null, insurer text not null,
  delivery_id int not null, by_delivery_id int not null check (by_delivery_id > delivery_id),
  primary key (region_id, partner_id, programme, insurer, delivery_id)
);
comment on table superseded_insured is 'Grain: what delivery_id said of one patient''s insurers, replaced by what by_delivery_id says. No unit.';
comment on table superseded_participation is 'Grain: what delivery_id said of one patient taking part in one programme, replaced by what by_delivery_id says. No unit.';
comment on table superseded_provider_contract is 'Grain: what delivery_id said of one partner''s contracts with one insurer for one programme, replaced by what by_delivery_id says. No unit.';

create function insured_known(region int, as_of date) returns setof insured language sql stable as $$
  select fact.* from insured fact
  where fact.region_id = region and fact.delivery_id = any ((select deliveries_known(region, as_of))::int[])
    and not exists (
      select from superseded_insured s
      where s.region_id = fact.region_id and s.patient_key = fact.patient_key and s.delivery_id = fact.delivery_id
        and s.by_delivery_id = any ((select deliveries_known(region, as_of))::int[]))
$$;
create function participation_known(region int, as_of date) returns setof participation language sql stable as $$
  select fact.* from participation fact
  where fact.region_id = region and fact.delivery_id = any ((select deliveries_known(region, as_of))::int[])
    and not exists (
      select from superseded_participation s
      where s.region_id = fact.region_id and s.patient_key = fact.patient_key and s.programme = fact.programme
        and s.delivery_id = fact.delivery_id
        and s.by_delivery_id = any ((select deliveries_known(region, as_of))::int[]))
$$;
create function provider_contract_known(region int, as_of date) returns setof provider_contract language sql stable as $$
  select fact.* from provider_contract fact
  where fact.region_id = region and fact.delivery_id = any ((select deliveries_known(region, as_of))::int[])
    and not exists (
      select from superseded_provider_contract s
      where s.region_id = fact.region_id and s.partner_id = fact.partner_id and s.programme = fact.programme
        and s.insurer = fact.insurer and s.delivery_id = fact.delivery_id
        and s.by_delivery_id = any ((select deliveries_known(region, as_of))::int[]))
$$;

create table region_document (
  region_id int not null references region,
  delivery_id int not null references delivery deferrable initially deferred,
  kind text not null check (kind in ('constants', 'precedence')),
  name text not null check (name <> ''),
  document json not null,
  primary key (region_id, kind, name, delivery_id)
);
comment on table region_document is 'Grain: one document of one kind that a region delivered beside its programmes, by file name; the latest delivery of a name counts. Units are inside the document.';

select append_only(t::regclass) from unnest(array['insured', 'participation', 'provider_contract', 'superseded_insured',
  'superseded_participation', 'superseded_provider_contract', 'region_document']) t;

-- Persons: analysts and auditors of the region, and partners their own patients; who is insured where is no more than a partner knows already.
do $$
declare t text;
begin
  foreach t in array array['insured', 'participation', 'superseded_insured', 'superseded_participation'] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy by_identity on %1$I for select to winst_request using (
      region_id = (select my_region()) and ((select my_role()) in (''analyst'', ''auditor'') or (select my_role()) = ''partner'' and exists (
        select from enrolment e where e.patient_key = %1$I.patient_key and e.partner_id = any ((select my_partners())::text[]))))', t);
  end loop;
end $$;
-- Contracts: an insurer its own, a partner its own.
alter table provider_contract enable row level security;
create policy by_identity on provider_contract for select to winst_request using (region_id = (select my_region()) and case (select my_role())
  when 'analyst' then true when 'auditor' then true when 'insurer' then insurer = (select my_subject())
  when 'partner' then partner_id = any ((select my_partners())::text[]) or main_contractor = (select my_subject()) else false end);
alter table superseded_provider_contract enable row level security;
create policy by_identity on superseded_provider_contract for select to winst_request using (region_id = (select my_region()) and
  case (select my_role()) when 'analyst' then true when 'auditor' then true when 'insurer' then insurer = (select my_subject())
  when 'partner' then partner_id = any ((select my_partners())::text[]) else false end);
-- Of no person and no amount of anybody: everybody of the region.
alter table region_document enable row level security;
create policy by_identity on region_document for select to winst_request using (region_id = (select my_region()));
grant select on insured, participation, provider_contract, superseded_insured, superseded_participation, superseded_provider_contract,
  region_document to winst_request;
grant select, insert on insured, participation, provider_contract, superseded_insured, superseded_participation, superseded_provider_contract,
  region_document to winst_app;
