-- access idOf
select count(distinct "contract_sha256")::int as ids, min("contract_sha256") as one from "region_contract" where starts_with("contract_sha256", $1);

-- access beginKeyed
delete from idempotency where begun_at < clock_timestamp() - interval '24 hours';
insert into idempotency (region_id, role, subject, key, request_sha256, attempt) values (my_region(), my_role(), my_subject(), $1, $2, $3) on conflict do nothing;

-- access keepAnswer
update idempotency set status = $1, headers = $2::jsonb, body = $3 where (region_id, role, subject, key) = (my_region(), my_role(), my_subject(), $4) and attempt = $5;

-- access forgetKeyed
delete from idempotency where (region_id, role, subject, key) = (my_region(), my_role(), my_subject(), $1) and attempt = $2 and not acted;
update idempotency set begun_at = begun_at - make_interval(secs => $1) where (region_id, role, subject, key) = (my_region(), my_role(), my_subject(), $2) and attempt = $3;

-- runs appendJob
insert into "job" ("job_id", "region_id", "kind", "about") values ($1, $2, $3, $4) on conflict do nothing;
insert into "job_event" ("job_id", "event", "acted_by") values ($1, $2, $3);

-- runs appendCancellation
insert into "job_event" ("job_id", "event", "acted_by") values ($1, $2, $3);

-- runs listJobs
select j.job_id as "jobId", j.region_id as "regionId", j.kind, j.about, j.seq, asked.acted_by as "requestedBy", asked.acted_at as "requestedAt", off.acted_by as "cancelledBy" from job j cross join lateral (select e.seq, e.acted_by, e.acted_at from job_event e where e.job_id = j.job_id and e.event = 'requested' order by e.seq desc limit 1) asked left join lateral (select e.acted_by from job_event e where e.job_id = j.job_id and e.event = 'cancelled' and e.seq > asked.seq order by e.seq desc limit 1) off on true where (j.seq, j.seq) > ($1::bigint, $2::bigint) and ($3::text is null or j.kind = $4) order by j.seq, j.seq limit $5;

-- runs findJob
select j.job_id as "jobId", j.region_id as "regionId", j.kind, j.about, j.seq, asked.acted_by as "requestedBy", asked.acted_at as "requestedAt", off.acted_by as "cancelledBy" from job j cross join lateral (select e.seq, e.acted_by, e.acted_at from job_event e where e.job_id = j.job_id and e.event = 'requested' order by e.seq desc limit 1) asked left join lateral (select e.acted_by from job_event e where e.job_id = j.job_id and e.event = 'cancelled' and e.seq > asked.seq order by e.seq desc limit 1) off on true where j.job_id = $1;

-- runs listRuns
select r.run_id as "runId", r.run_key as "runKey", r.contract_sha256 as "contractSha256", r.as_of as "asOf", r.dataset_sha256 as "datasetSha256", r.engine_version as "engineVersion", c.contract_id as "contractId", s.settlement_id as "settlementId" from run r join contract c using (contract_sha256) left join settlement s using (run_id) where (r.as_of, r.run_key) > ($1::date, $2::bigint) and ($3::text is null or c.contract_id = $4) order by r.as_of, r.run_key limit $5;

-- runs findRun
select r.run_id as "runId", r.run_key as "runKey", r.contract_sha256 as "contractSha256", r.as_of as "asOf", r.dataset_sha256 as "datasetSha256", r.engine_version as "engineVersion", c.contract_id as "contractId", s.settlement_id as "settlementId" from run r join contract c using (contract_sha256) left join settlement s using (run_id) where r.run_id = $1;

-- runs listExpectations
select w.patient_id, p.partner_id, g.partner_id as practice_id, i.insurer, e.index_on, e.target_on, e.exposure_days, h.status::text as status, h.baseline, e.mean, e.sd, e.q05, e.q50, e.q95, e.expected_value, h.realised, h.realised_on, h.realised_value, h.gain, a.contribution from patient w join expectation e on e.patient_key = w.patient_key and e.run_key = $1 and e.years_before = $2 and e.measure_id = (select k.measure_id from measure_key k where k.key = $3) join run_partner p on p.run_id = $4 and p.partner_no = e.partner_no join run_partner g on g.run_id = $5 and g.partner_no = e.practice_no join run_insurer i on i.run_id = $6 and i.insurer_no = e.insurer_no left join realisation h on (h.run_key, h.measure_id, h.years_before, h.patient_key) = (e.run_key, e.measure_id, e.years_before, e.patient_key) left join gain a on (a.run_key, a.measure_id, a.years_before, a.patient_key) = (e.run_key, e.measure_id, e.years_before, e.patient_key) where (w.patient_id collate "C", w.patient_id collate "C") > ($7::text collate "C", $8::text collate "C") and ($9::text is null or p.partner_id = $10) order by w.patient_id collate "C", w.patient_id collate "C" limit $11;

-- region listDeliveries
select d.delivery_id as "deliveryId", d.delivered_on as "deliveredOn", d.content_sha256 as "contentSha256", coalesce((select jsonb_agg(jsonb_build_object('name', f.name, 'rows', f.rows, 'rejected', f.rejected) order by f.source_file_id) from source_file f where f.delivery_id = d.delivery_id), '[]') as files from delivery d where d.region_id = $1 and (d.delivered_on, d.delivery_id) > ($2::date, $3::bigint) order by d.delivered_on, d.delivery_id limit $4;

-- region findListedDelivery
select d.delivery_id as "deliveryId", d.delivered_on as "deliveredOn", d.content_sha256 as "contentSha256", coalesce((select jsonb_agg(jsonb_build_object('name', f.name, 'rows', f.rows, 'rejected', f.rejected) order by f.source_file_id) from source_file f where f.delivery_id = d.delivery_id), '[]') as files from delivery d where d.delivery_id = $1;

-- region listPartners
select p.partner_id, p.name, p.kind, p.agb, p.member_of from partner_known($1, $2) p where (p.name collate "C", p.partner_id collate "C") > ($3::text collate "C", $4::text collate "C") and ($5::text is null or p.kind = $6) and ($7::text is null or p.partner_id = $8) order by p.name collate "C", p.partner_id collate "C" limit $9;

-- region listPatients
select w.patient_id, p.birth_year, p.sex, p.postcode4, p.insurer, p.died_on, coalesce((select jsonb_agg(jsonb_build_object('programme', e.programme, 'partner_id', e.partner_id, 'started_on', e.started_on, 'ended_on', e.ended_on) order by e.started_on, e.programme) from (select f.* from "enrolment" f where f.region_id = $1 and f.patient_key = w.patient_key and f.delivery_id = any ((select deliveries_known($2, $3))::int[]) and not exists (select from "superseded_enrolment" s where s.region_id = f.region_id and s.patient_key = f.patient_key and s.delivery_id = f.delivery_id and s.programme = f.programme and s.by_delivery_id = any ((select deliveries_known($4, $5))::int[]))) e), '[]') as enrolments from patient w cross join lateral (select f.* from "patient_state" f where f.region_id = $6 and f.patient_key = w.patient_key and f.delivery_id = any ((select deliveries_known($7, $8))::int[]) and not exists (select from "superseded_patient_state" s where s.region_id = f.region_id and s.patient_key = f.patient_key and s.delivery_id = f.delivery_id and s.by_delivery_id = any ((select deliveries_known($9, $10))::int[]))) p where w.region_id = $11 and (w.patient_id collate "C", w.patient_id collate "C") > ($12::text collate "C", $13::text collate "C") and ($14::text is null or w.patient_id = $15) and ($16::text is null and $17::text is null or exists (select from (select f.* from "enrolment" f where f.region_id = $18 and f.patient_key = w.patient_key and f.delivery_id = any ((select deliveries_known($19, $20))::int[]) and not exists (select from "superseded_enrolment" s where s.region_id = f.region_id and s.patient_key = f.patient_key and s.delivery_id = f.delivery_id and s.programme = f.programme and s.by_delivery_id = any ((select deliveries_known($21, $22))::int[]))) e where ($23::text is null or e.partner_id = $24) and ($25::text is null or e.programme = $26) and e.started_on <= $27 and (e.ended_on is null or e.ended_on > $28))) order by w.patient_id collate "C", w.patient_id collate "C" limit $29;

-- settlements listDifferences
select d.from_id as "from", d.to_id as "to", s.contract_id as contract, d.seq from settlement_difference d join settlement s on s.settlement_id = d.to_id where $1::text is null or $2 in (d.from_id, d.to_id);
