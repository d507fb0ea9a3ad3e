-- import importDataset
select pg_advisory_xact_lock(hashtext('import'), hashtext($1));
insert into region (name) select $1 where not exists (select from region where name = $1);
select region_id from region where name = $1;
select distinct on (programme) programme, definition::text as json from programme_definition join delivery using (delivery_id, region_id) where region_id = $1 and delivered_on <= $2 order by programme, delivered_on desc, delivery_id desc;
select delivery_id as "deliveryId", delivered_on as "deliveredOn", csv_gzip as rejects, coalesce(warnings_gzip, '') as warnings from delivery join delivery_rejects using (delivery_id) where region_id = $1 and content_sha256 = $2 and ($3::date is null or delivered_on = $3) order by delivered_on desc, delivery_id desc limit 1;
select max(delivered_on) as latest from delivery where region_id = $1;
select nextval(pg_get_serial_sequence($1, $2)) as id;
savepoint before_files;
insert into measure_key (key) select key from unnest($1::text[]) with ordinality as m (key, place) where not exists (select from measure_key k where k.key = m.key) order by place on conflict (key) do nothing;
select measure_id, key from measure_key;
create temporary table staged_partner (partner_id text, name text, kind text, agb text, member_of text, possible_duplicate boolean not null, line int not null) on commit drop;
copy staged_partner (partner_id, name, kind, agb, member_of, possible_duplicate, line) from stdin (format binary);
select line, first, shown from ( select line, partner_id as shown, min(line) over (partition by partner_id) as first from staged_partner) rows where line > first order by line;
with faulty as ( select line, partner_id, member_of from staged_partner where member_of = partner_id or member_of not in (select partner_id from staged_partner union select partner_id from partner where region_id = 3)), blanked as (update staged_partner s set member_of = null from faulty f where s.line = f.line) select * from faulty order by line;
select partner_id from staged_partner union select partner_id from partner where region_id = 3;
insert into partner (region_id, partner_id, name, kind, agb, member_of, delivery_id, source_file_id, line) select $1, partner_id, name, kind, agb, member_of, $2, $3, line from staged_partner s;
create temporary table staged_patient_state (patient_id text, shard smallint, birth_year smallint, sex char(1), postcode4 text, insurer text, died_on date, possible_duplicate boolean not null, line int not null) on commit drop;
copy staged_patient_state (patient_id, shard, birth_year, sex, postcode4, insurer, died_on, possible_duplicate, line) from stdin (format binary);
select line, first, shown from ( select line, patient_id as shown, min(line) over (partition by patient_id) as first from staged_patient_state) rows where line > first order by line;
insert into patient (region_id, patient_id, shard) select $1, patient_id, shard from staged_patient_state order by line on conflict (region_id, patient_id) do nothing;
select min(patient_key) as least, max(patient_key) as most from patient where region_id = $1;
select p.patient_key, p.patient_id, n.patient_id is not null, n.birth_year, n.died_on - date '1970-01-01' from patient p left join staged_patient_state n on n.patient_id = p.patient_id where p.region_id = $1 and p.patient_key > $2 order by p.patient_key limit 100000;
alter table staged_patient_state rename to named_patient;
create temporary table staged_patient_state on commit drop as select p.patient_key, birth_year, sex, postcode4, insurer, died_on, line from named_patient n join patient p on p.region_id = 3 and p.patient_id = n.patient_id;
insert into patient_state (region_id, patient_key, birth_year, sex, postcode4, insurer, died_on, delivery_id, source_file_id, line) select $1, patient_key, birth_year, sex, postcode4, insurer, died_on, $2, $3, line from staged_patient_state s;
create temporary table staged_enrolment (patient_key int, programme text, partner_id text, started_on date, ended_on date, end_reason text, main_practitioner text, possible_duplicate boolean not null, line int not null) on commit drop;
copy staged_enrolment (patient_key, programme, partner_id, started_on, ended_on, end_reason, main_practitioner, possible_duplicate, line) from stdin (format binary);
select s.line, s.partner_id::text as shown, d.dispute_id, r.ruled_on::text from ruling r join dispute d using (dispute_id) join dispute_preview v using (preview_id) join settlement t using (settlement_id) join run u using (run_id) join contract c using (contract_sha256) join staged_enrolment s on s.patient_key = v.patient_key and v.kind = 'not_our_patient' and s.programme = c.programme and (s.partner_id = v.partner_id or exists (select from partner_known($1, 'infinity') p where p.partner_id = s.partner_id and p.member_of = v.partner_id)) where r.verdict = 'upheld' and t.region_id = $1 order by s.line, d.dispute_id;
select line, patient_key, programme, partner_id, started_on, coalesce(ended_on, 'infinity')::text as ended_on, main_practitioner from (select *, count(*) over (partition by patient_key, programme) as stays from staged_enrolment) counted where stays > 1 order by patient_key, programme collate "C", started_on, partner_id collate "C", ended_on desc, line;
insert into enrolment (region_id, patient_key, programme, partner_id, started_on, ended_on, end_reason, main_practitioner, delivery_id, source_file_id, line) select $1, patient_key, programme, partner_id, started_on, ended_on, end_reason, main_practitioner, $2, $3, line from staged_enrolment s;
create temporary table staged_observation (patient_key int, measure_id smallint, observed_on date, value float8, partner_id text, possible_duplicate boolean not null, line int not null) on commit drop;
copy observation (region_id, patient_key, measure_id, observed_on, value, partner_id, delivery_id, source_file_id, line) from stdin (format binary);
select s.line, s.value::text as shown, d.dispute_id, r.ruled_on::text from ruling r join dispute d using (dispute_id) join dispute_preview v using (preview_id) join settlement t using (settlement_id) join run u using (run_id) join contract c using (contract_sha256) join staged_observation s on s.patient_key = v.patient_key and v.kind = 'value_wrong' and s.measure_id = v.measure_id and s.observed_on = v.observed_on and s.value is distinct from v.value where r.verdict = 'upheld' and t.region_id = $1 order by s.line, d.dispute_id;
insert into observation (region_id, patient_key, measure_id, observed_on, value, partner_id, delivery_id, source_file_id, line) select $1, patient_key, measure_id, observed_on, value, partner_id, $2, $3, line from staged_observation s;
insert into delivery (delivery_id, region_id, delivered_on, content_sha256) overriding system value values ($1, $2, $3, $4);
insert into source_file (source_file_id, delivery_id, name, rows, rejected) overriding system value values ($1, $2, $3, $4, $5);
insert into delivery_rejects (delivery_id, csv_gzip, warnings_gzip) values ($1, $2, $3);
insert into fhir_server (region_id, delivery_id, server) select $1, $2, server from unnest($3::text[]) as s (server) where server <> '' and not exists (select from fhir_server f where f.region_id = $1 and f.server = s.server);
insert into unit_usage (delivery_id, measure_id, unit, converted, rows) select $1, * from unnest($2::smallint[], $3::text[], $4::boolean[], $5::bigint[]);
insert into likely_cause (delivery_id, measure_id, cause, faults) select $1, * from unnest($2::smallint[], $3::text[], $4::bigint[]);
select distinct p.patient_id from patient p join enrolment e on e.region_id = p.region_id and e.patient_key = p.patient_key where p.region_id = $1 and p.patient_id = any ($2);
analyze partner, superseded_partner, patient_state, superseded_patient_state, enrolment, superseded_enrolment, observation, superseded_observation, condition_episode, superseded_condition_episode, medication, superseded_medication, claim, superseded_claim, quality, superseded_quality, insured, superseded_insured, participation, superseded_participation, provider_contract, superseded_provider_contract;

-- import issuesOfDelivery
select max(delivery_id) as of from delivery;
select "csv_gzip", "warnings_gzip" from "delivery_rejects" where "delivery_id" = $1;

-- export exportRegion
select distinct on (programme) programme, definition::text as json from programme_definition join delivery using (delivery_id, region_id) where region_id = $1 and delivered_on <= $2 order by programme, delivered_on desc, delivery_id desc;
copy (select coalesce(t.partner_id::text, ''), coalesce(t.name::text, ''), coalesce(t.kind::text, ''), coalesce(t.agb::text, ''), coalesce(t.member_of::text, '') from partner_known(1, '2026-01-01') t order by t.partner_id collate "C") to stdout (format binary);
copy (select w.patient_id, coalesce(t.birth_year::text, ''), coalesce(t.sex::text, ''), coalesce(t.postcode4::text, ''), coalesce(t.insurer::text, ''), coalesce(to_char(t.died_on, 'YYYY-MM-DD'), '') from patient_state_known(1, '2026-01-01') t join patient w using (patient_key) order by w.patient_id collate "C") to stdout (format binary);
copy (select w.patient_id, coalesce(t.programme::text, ''), coalesce(t.partner_id::text, ''), coalesce(to_char(t.started_on, 'YYYY-MM-DD'), ''), coalesce(to_char(t.ended_on, 'YYYY-MM-DD'), ''), coalesce(t.end_reason::text, ''), coalesce(t.main_practitioner::text, '') from enrolment_known(1, '2026-01-01') t join patient w using (patient_key) order by w.patient_id collate "C", t.programme collate "C", t.started_on) to stdout (format binary);
copy (select w.patient_id, k.key, coalesce(to_char(t.observed_on, 'YYYY-MM-DD'), ''), coalesce(t.value::text, ''), coalesce(t.partner_id::text, '') from observation_known(1, '2026-01-01') t join patient w using (patient_key) join measure_key k using (measure_id) order by w.patient_id collate "C", k.key collate "C", t.observed_on, t.value, t.partner_id collate "C" nulls first) to stdout (format binary);
copy (select w.patient_id, coalesce(t.code_system::text, ''), coalesce(t.code::text, ''), coalesce(to_char(t.onset_on, 'YYYY-MM-DD'), ''), coalesce(to_char(t.resolved_on, 'YYYY-MM-DD'), '') from condition_episode_known(1, '2026-01-01') t join patient w using (patient_key) order by w.patient_id collate "C", t.code_system, t.code collate "C", t.onset_on, t.resolved_on) to stdout (format binary);
copy (select w.patient_id, coalesce(t.atc::text, ''), coalesce(to_char(t.started_on, 'YYYY-MM-DD'), ''), coalesce(to_char(t.ended_on, 'YYYY-MM-DD'), '') from medication_known(1, '2026-01-01') t join patient w using (patient_key) order by w.patient_id collate "C", t.atc collate "C", t.started_on, t.ended_on) to stdout (format binary);
copy (select coalesce(t.claim_id::text, ''), w.patient_id, coalesce(t.partner_id::text, ''), coalesce(to_char(t.performed_on, 'YYYY-MM-DD'), ''), coalesce(t.code::text, ''), coalesce(t.quantity::text, ''), t.amount_cents::text, coalesce(t.setting::text, '') from claim_known(1, '2026-01-01') t join patient w using (patient_key) order by t.claim_id collate "C") to stdout (format binary);
copy (select coalesce(t.partner_id::text, ''), coalesce(t.gate::text, ''), coalesce(t.value::text, ''), coalesce(t.period::text, ''), coalesce(t.evidence::text, '') from quality_known(1, '2026-01-01') t order by t.partner_id collate "C", t.gate collate "C", t.period collate "C" nulls first) to stdout (format binary);
