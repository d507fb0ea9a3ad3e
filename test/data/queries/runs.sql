-- runs openRun
insert into "run" ("run_id", "region_id", "contract_sha256", "as_of", "dataset_sha256", "engine_version") values ($1, $2, $3, $4, $5, $6) on conflict do nothing;
insert into "run_partner" ("run_id", "partner_no", "partner_id", "kind", "member_of") values ($1, $2, $3, $4, $5), ($6, $7, $8, $9, $10), ($11, $12, $13, $14, $15), ($16, $17, $18, $19, $20);
insert into "run_insurer" ("run_id", "insurer_no", "insurer") values ($1, $2, $3);
select * from "run" where "run_id" = $1;

-- runs readRun
select * from "run" where "run_id" = $1;

-- runs readParties
select "partner_id" as "partnerId", "kind", "member_of" as "memberOf" from "run_partner" where "run_id" = $1 order by "partner_no";
select "insurer" from "run_insurer" where "run_id" = $1 order by "insurer_no";

-- runs once
insert into stage_done (run_id, stage, part) values ($1, $2, $3) on conflict do nothing;
update stage_done set result = $4 where run_id = $1 and stage = $2 and part = $3;

-- runs doneResult
select "result" from "stage_done" where "run_id" = $1 and "stage" = $2 and "part" = $3;

-- runs partResults
select "result" from "stage_done" where "run_id" = $1 and "stage" = $2 order by "part";

-- runs isDone
select "result" from "stage_done" where "run_id" = $1 and "stage" = $2 and "part" = $3;

-- runs saveTrainingShards
insert into "training_shard" ("run_id", "model", "shard", "bytes") values ($1, $2, $3, $4) on conflict ("run_id", "model", "shard") do update set "bytes" = "excluded"."bytes";

-- runs readTrainingShards
copy (select bytes from training_shard where run_id = '<sha256>' and model = 'hba1c' order by shard) to stdout (format binary);

-- runs dropTrainingShards
delete from "training_shard" where "run_id" = $1;

-- assessments patientKeys
select patient_id, patient_key from patient where region_id = $1 and shard = $2;

-- assessments appendExpectations
select patient_id, patient_key from patient where region_id = $1 and shard = $2;

-- assessments appendRealisations
select patient_id, patient_key from patient where region_id = $1 and shard = $2;

-- assessments appendContributions
select measure_id as id from measure_key where key = $1;

-- assessments analyseAssessments
analyze expectation, realisation, gain;

-- assessed-years readAssessedYears
copy (select patient_key, patient_id from patient where region_id = 1) to stdout (format binary);
select k.measure_id as id, (select count(*) from expectation e where e.run_key = $2 and e.measure_id = k.measure_id and e.years_before = $3)::int as rows from measure_key k where k.key = $1;
copy (select e.patient_key, e.partner_no, e.practice_no, e.insurer_no, e.index_on, e.exposure_days, e.index_no, h.status::text, h.gain, h.facts from expectation e join realisation h using (run_key, measure_id, years_before, patient_key, index_no) where e.run_key = 1 and e.measure_id = 1 and e.years_before = 0) to stdout (format binary);
copy (select e.patient_key, e.partner_no, e.practice_no, e.insurer_no, e.index_on, e.exposure_days, e.index_no, h.status::text, h.gain, h.facts from expectation e join realisation h using (run_key, measure_id, years_before, patient_key, index_no) where e.run_key = 1 and e.measure_id = 2 and e.years_before = 0) to stdout (format binary);
copy (select e.patient_key, e.partner_no, e.practice_no, e.insurer_no, e.index_on, e.exposure_days, e.index_no, h.status::text, h.gain, h.facts from expectation e join realisation h using (run_key, measure_id, years_before, patient_key, index_no) where e.run_key = 1 and e.measure_id = 1 and e.years_before = 1) to stdout (format binary);
copy (select e.patient_key, e.partner_no, e.practice_no, e.insurer_no, e.index_on, e.exposure_days, e.index_no, h.status::text, h.gain, h.facts from expectation e join realisation h using (run_key, measure_id, years_before, patient_key, index_no) where e.run_key = 1 and e.measure_id = 2 and e.years_before = 1) to stdout (format binary);
copy (select e.patient_key, e.partner_no, e.practice_no, e.insurer_no, e.index_on, e.exposure_days, e.index_no, h.status::text, h.gain, h.facts from expectation e join realisation h using (run_key, measure_id, years_before, patient_key, index_no) where e.run_key = 1 and e.measure_id = 1 and e.years_before = 2) to stdout (format binary);
copy (select e.patient_key, e.partner_no, e.practice_no, e.insurer_no, e.index_on, e.exposure_days, e.index_no, h.status::text, h.gain, h.facts from expectation e join realisation h using (run_key, measure_id, years_before, patient_key, index_no) where e.run_key = 1 and e.measure_id = 2 and e.years_before = 2) to stdout (format binary);
copy (select e.patient_key, e.partner_no, e.practice_no, e.insurer_no, e.index_on, e.exposure_days, e.index_no, h.status::text, h.gain, h.facts from expectation e join realisation h using (run_key, measure_id, years_before, patient_key, index_no) where e.run_key = 1 and e.measure_id = 1 and e.years_before = 3) to stdout (format binary);
copy (select e.patient_key, e.partner_no, e.practice_no, e.insurer_no, e.index_on, e.exposure_days, e.index_no, h.status::text, h.gain, h.facts from expectation e join realisation h using (run_key, measure_id, years_before, patient_key, index_no) where e.run_key = 1 and e.measure_id = 2 and e.years_before = 3) to stdout (format binary);

-- cells appendCells
insert into assessment_cell (run_key, measure_id, years_before, partner_no, index_year, age_band, sex, eligible, measured, persons, persons_measured, expected_sum, realised_sum, gain_sum, contributions, contribution_sum) select run_key, measure_id, years_before, partner_no, index_year, age_band, sex, count(*), count(*) filter (where status = 'measured'), count(*) filter (where index_no = 1), count(*) filter (where index_no = 1 and status = 'measured'), coalesce(sum(expected_value) filter (where status = 'measured'), 0), coalesce(sum(realised_value), 0), coalesce(sum(gain), 0), count(contribution), coalesce(sum(contribution), 0) from ( select e.*, date_part('year', e.index_on)::smallint as index_year, (case when e.birth_year = 0 then -1 else (date_part('year', e.index_on)::int - e.birth_year) / 10 * 10 end)::smallint as age_band, h.status, h.realised_value, h.gain, g.contribution from expectation e join realisation h using (run_key, measure_id, years_before, patient_key, index_no) left join gain g using (run_key, measure_id, years_before, patient_key, index_no) where e.run_key = $1 and h.status in ('measured', 'missing') order by measure_id, years_before, patient_key, index_no) eligible group by run_key, measure_id, years_before, partner_no, index_year, age_band, sex;

-- aggregates readFigures
select array[p.partner_id, k.key] as place, sum(eligible)::int as eligible, sum(measured)::int as measured, sum(coalesce(persons, eligible))::int as persons, sum(coalesce(persons_measured, measured))::int as "personsMeasured", sum(expected_sum) as expected, sum(realised_sum) as realised, sum(gain_sum) as gain, sum(contributions)::int as contributions, sum(contribution_sum) as contribution from assessment_cell c join run r using (run_key) join run_partner p on p.run_id = r.run_id and p.partner_no = c.partner_no join measure_key k using (measure_id) where c.run_key = $1 and c.years_before = $2 group by 1;

-- insurer-figures readInsurerFigures
select place, count(*)::int as eligible, (count(*) filter (where status = 'measured'))::int as measured, (count(*) filter (where index_no = 1))::int as persons, (count(*) filter (where index_no = 1 and status = 'measured'))::int as "personsMeasured", coalesce(sum(expected_value) filter (where status = 'measured'), 0) as expected, coalesce(sum(realised_value), 0) as realised, coalesce(sum(gain), 0) as gain, count(contribution)::int as contributions, coalesce(sum(contribution), 0) as contribution from ( select array[p.partner_id, k.key] as place, e.index_no, h.status, e.expected_value, h.realised_value, h.gain, a.contribution from expectation e join run r using (run_key) join run_insurer i on i.run_id = r.run_id and i.insurer_no = e.insurer_no join run_partner p on p.run_id = r.run_id and p.partner_no = e.partner_no join measure_key k using (measure_id) join realisation h using (run_key, measure_id, years_before, patient_key, index_no) left join gain a using (run_key, measure_id, years_before, patient_key, index_no) where e.run_key = $1 and e.years_before = $2 and i.insurer = $3 and h.status in ('measured', 'missing') order by e.measure_id, e.patient_key, e.index_no) own group by place;

-- gaming-signs readGamingSigns
select distinct partner_id collate "C" as partner_id from enrolment_known($1, $2) where programme = $3 order by 1;
select measure_id as id from measure_key where key = $1;
copy (select w.patient_id, e.expected_value from expectation e join patient w using (patient_key) where e.run_key = 1 and e.measure_id = 1 and e.years_before = 0) to stdout (format binary);
copy (select w.patient_id, e.expected_value from expectation e join patient w using (patient_key) where e.run_key = 1 and e.measure_id = 2 and e.years_before = 0) to stdout (format binary);
copy (select bytes from panel_shard where region_id = '1' and dataset_sha256 = '<sha256>' and programme = 'dm2' and shard = '0') to stdout (format binary);
copy (select bytes from panel_shard where region_id = '1' and dataset_sha256 = '<sha256>' and programme = 'dm2' and shard = '1') to stdout (format binary);
copy (select bytes from panel_shard where region_id = '1' and dataset_sha256 = '<sha256>' and programme = 'dm2' and shard = '2') to stdout (format binary);
copy (select bytes from panel_shard where region_id = '1' and dataset_sha256 = '<sha256>' and programme = 'dm2' and shard = '3') to stdout (format binary);
copy (select bytes from panel_shard where region_id = '1' and dataset_sha256 = '<sha256>' and programme = 'dm2' and shard = '4') to stdout (format binary);
copy (select bytes from panel_shard where region_id = '1' and dataset_sha256 = '<sha256>' and programme = 'dm2' and shard = '5') to stdout (format binary);
copy (select bytes from panel_shard where region_id = '1' and dataset_sha256 = '<sha256>' and programme = 'dm2' and shard = '6') to stdout (format binary);
copy (select bytes from panel_shard where region_id = '1' and dataset_sha256 = '<sha256>' and programme = 'dm2' and shard = '7') to stdout (format binary);
copy (select bytes from panel_shard where region_id = '1' and dataset_sha256 = '<sha256>' and programme = 'dm2' and shard = '8') to stdout (format binary);
copy (select bytes from panel_shard where region_id = '1' and dataset_sha256 = '<sha256>' and programme = 'dm2' and shard = '9') to stdout (format binary);
copy (select bytes from panel_shard where region_id = '1' and dataset_sha256 = '<sha256>' and programme = 'dm2' and shard = '10') to stdout (format binary);
copy (select bytes from panel_shard where region_id = '1' and dataset_sha256 = '<sha256>' and programme = 'dm2' and shard = '11') to stdout (format binary);
copy (select bytes from panel_shard where region_id = '1' and dataset_sha256 = '<sha256>' and programme = 'dm2' and shard = '12') to stdout (format binary);
copy (select bytes from panel_shard where region_id = '1' and dataset_sha256 = '<sha256>' and programme = 'dm2' and shard = '13') to stdout (format binary);
copy (select bytes from panel_shard where region_id = '1' and dataset_sha256 = '<sha256>' and programme = 'dm2' and shard = '14') to stdout (format binary);
copy (select bytes from panel_shard where region_id = '1' and dataset_sha256 = '<sha256>' and programme = 'dm2' and shard = '15') to stdout (format binary);

-- practice-sizes practiceSizesOf
select p.partner_id as "partnerId", count(*)::int as practices, (count(*) filter (where patients < $2))::int as small from ( select e.partner_no, e.practice_no, count(distinct e.patient_key) as patients from expectation e join realisation h using (run_key, measure_id, years_before, patient_key, index_no) where e.run_key = $1 and e.years_before = 0 and h.status in ('measured', 'missing') group by e.partner_no, e.practice_no) practice join run r on r.run_key = $1 join run_partner p on p.run_id = r.run_id and p.partner_no = practice.partner_no group by p.partner_id order by p.partner_id collate "C";

-- results-to-come resultsToCome
select count(*)::int as results, count(distinct e.patient_key)::int as persons from expectation e join realisation h using (run_key, measure_id, years_before, patient_key, index_no) join run_partner p on p.run_id = $2 and p.partner_no = e.partner_no join measure_key k using (measure_id) join unnest($5::text[], $6::text[], $7::int[]) as asked (partner_id, measure, window_days) on asked.partner_id = p.partner_id and asked.measure = k.key left join patient_state_known($3, $4::date) s on s.patient_key = e.patient_key where e.run_key = $1 and e.years_before = 0 and h.status = 'missing' and e.target_on + asked.window_days >= $4::date and (s.died_on is null or s.died_on > $4::date);

-- drift readResults
select k.measure_id, p.partner_no from measure_key k left join run_partner p on p.run_id = $2 and p.partner_id = any ($3) where k.key = $1;
copy ( select (12 * extract(year from h.realised_on) + extract(month from h.realised_on) - 1)::int, e.partner_no, e.practice_no, e.mean, e.sd, h.realised from expectation e join realisation h using (run_key, measure_id, years_before, patient_key, index_no) where e.run_key = 1 and e.measure_id = 1 and e.years_before = 0 and h.status = 'measured' and e.sd > 0 order by e.patient_key, e.index_no) to stdout (format binary);

-- drift appendDrift
select k.measure_id, p.partner_no from measure_key k left join run_partner p on p.run_id = $2 and p.partner_id = any ($3) where k.key = $1;
copy ( select (12 * extract(year from h.realised_on) + extract(month from h.realised_on) - 1)::int, e.partner_no, e.practice_no, e.mean, e.sd, h.realised from expectation e join realisation h using (run_key, measure_id, years_before, patient_key, index_no) where e.run_key = 1 and e.measure_id = 1 and e.years_before = 0 and h.status = 'measured' and e.sd > 0 order by e.patient_key, e.index_no) to stdout (format binary);
insert into "drift_month" ("side", "measured", "bias", "slope", "evidence", "run_id", "measure", "month", "bias_sd", "bias_sd_se", "slope_se") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11), ($12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22);

-- drift readDrift
select * from "drift_month" where "run_id" in ($1) order by "measure", "month", "side";
select * from "drift_alarm" where "run_id" in ($1);

-- drift readDrifts
select * from "drift_month" where "run_id" in ($1, $2) order by "measure", "month", "side";
select * from "drift_alarm" where "run_id" in ($1, $2);

-- drift runsOf
select "run_model"."run_id", "measure", "as_of" from "run_model" inner join "run" on "run"."run_id" = "run_model"."run_id" where "model_id" = $1 order by "as_of" desc, "run_key" desc;

-- handover handOver
insert into "handover" ("run_id", "stage", "piece", "bytes") values ($1, $2, $3, $4);

-- handover handedOver
copy (select bytes from handover where run_id = '<sha256>' and stage = 'expect' and starts_with(piece, 'shard') order by piece collate "C") to stdout (format binary);

-- handover dropHandover
delete from "handover" where "run_id" = $1 and "stage" = $2 and "piece" = $3;

-- models appendModel
insert into "model_artefact" ("model_id", "measure", "programme", "bytes", "card") values ($1, $2, $3, $4, $5) on conflict do nothing;

-- models readModel
select * from "model_artefact" where "model_id" = $1;

-- models linkModel
insert into "run_model" ("run_id", "measure", "years_elapsed", "model_id") values ($1, $2, $3, $4) on conflict do nothing;

-- models readRunModels
select "run_model"."model_id", "run_model"."measure", "years_elapsed", "programme", "bytes", "card" from "run_model" inner join "model_artefact" on "model_artefact"."model_id" = "run_model"."model_id" where "run_id" = $1 order by "run_model"."measure", "years_elapsed";
