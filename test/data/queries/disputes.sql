-- previews appendPreview
select "settlement"."settlement_id", "settlement"."run_id", "settlement"."contract_id", "settlement"."region_id", "settlement"."as_of", "settlement"."period_start", "settlement"."prepared_by", "settlement"."seq", "state", "finality", "released_by", "released_on" from "settlement" inner join "settlement_state" on "settlement_state"."settlement_id" = "settlement"."settlement_id" where "settlement"."settlement_id" = $1;
with asked as materialized ( select r.run_id, e.run_key as asked_run, e.patient_key as asked_patient, p.partner_no as asked_partner, w.patient_id from run r join run_partner p on p.run_id = r.run_id and p.partner_id = $2 join expectation e on e.run_key = r.run_key and e.partner_no = p.partner_no and e.years_before = 0 join patient w using (patient_key) where r.run_id = $1 and ($3::text is null or w.patient_id = $3) and ($4::text is null or w.patient_id > $4 collate "C") group by r.run_id, e.run_key, e.patient_key, p.partner_no, w.patient_id order by w.patient_id collate "C" limit $5) select a.patient_id, g.partner_id as practice_id, i.insurer, k.key as measure, e.index_on, e.target_on, e.exposure_days, h.status::text, h.baseline, e.mean, e.sd, e.q05, e.q25, e.q50, e.q75, e.q95, h.realised, h.realised_on, e.expected_value, h.realised_value, h.gain, c.measured_probability, c.imputed_gain, c.contribution, m.model_id from asked a join expectation e on e.run_key = a.asked_run and e.years_before = 0 and e.patient_key = a.asked_patient and e.partner_no = a.asked_partner join realisation h using (run_key, measure_id, years_before, patient_key, index_no) left join gain c using (run_key, measure_id, years_before, patient_key, index_no) join measure_key k using (measure_id) join run_partner g on g.run_id = a.run_id and g.partner_no = e.practice_no join run_insurer i on i.run_id = a.run_id and i.insurer_no = e.insurer_no left join run_model m on m.run_id = a.run_id and m.measure = k.key and m.years_elapsed = e.years_elapsed order by a.patient_id collate "C", k.key collate "C", e.index_no;
insert into dispute_preview (preview_id, settlement_id, partner_id, patient_key, kind, measure_id, observed_on, value) select $1, $2, $3, patient_key, $4, $5, $6, $7 from patient where region_id = $8 and patient_id = $9 on conflict do nothing;
insert into "dispute_asked" ("preview_id", "asked_by") values ($1, $2) on conflict do nothing;

-- previews readPreview
select v.preview_id, v.settlement_id, v.partner_id, v.insurers, w.patient_id, v.kind, k.key as measure, v.observed_on, v.value from dispute_preview v join patient w using (patient_key) left join measure_key k using (measure_id) where v.preview_id = $1;

-- previews appendEffects
insert into "dispute_effect" ("preview_id", "partner_id", "before_cents", "after_cents") values ($1, $2, $3, $4);
insert into "dispute_insurer_effect" ("preview_id", "insurer", "before_cents", "after_cents") values ($1, $2, $3, $4);

-- previews readInsurerEffects
select "insurer", "before_cents", "after_cents" from "dispute_insurer_effect" where "preview_id" = $1 order by insurer collate "C";

-- previews othersMoved
select others_moved($1) as others;

-- previews readEffects
select "partner_id", "before_cents", "after_cents" from "dispute_effect" where "preview_id" = $1 order by partner_id collate "C";

-- previews isPreviewed
select "partner_id" from "dispute_effect" where "preview_id" = $1;

-- disputes fileDispute
select act_day() as day;
select v.preview_id, v.settlement_id, v.partner_id, v.insurers, w.patient_id, v.kind, k.key as measure, v.observed_on, v.value from dispute_preview v join patient w using (patient_key) left join measure_key k using (measure_id) where v.preview_id = $1;
select "settlement"."settlement_id", "settlement"."run_id", "settlement"."contract_id", "settlement"."region_id", "settlement"."as_of", "settlement"."period_start", "settlement"."prepared_by", "settlement"."seq", "state", "finality", "released_by", "released_on" from "settlement" inner join "settlement_state" on "settlement_state"."settlement_id" = "settlement"."settlement_id" where "settlement"."settlement_id" = $1;
select "partner_id" from "dispute_effect" where "preview_id" = $1;
insert into "dispute" ("preview_id", "evidence", "filed_by", "filed_on", "deadline_on") values ($1, $2, $3, $4, $5) on conflict ("preview_id") do nothing returning "dispute_id";

-- disputes readDisputes
select v.preview_id, v.settlement_id, v.partner_id, v.insurers, w.patient_id, v.kind, k.key as measure, v.observed_on, v.value, d.dispute_id, d.evidence, d.filed_by, d.filed_on, d.deadline_on, e.before_cents, e.after_cents, r.verdict, r.reason, r.ruled_by, r.ruled_on, deciders(d.dispute_id) as deciders, others_moved(v.preview_id) as others, coalesce((select json_agg(json_build_object( 'insurer', i.insurer, 'before_cents', i.before_cents, 'after_cents', i.after_cents) order by i.insurer collate "C") from dispute_insurer_effect i where i.preview_id = v.preview_id), '[]') as insurer_effects, coalesce((select json_agg(json_build_object( 'insurer', n.insurer, 'verdict', n.verdict, 'reason', n.reason, 'by', n.ruled_by, 'on', n.ruled_on) order by n.seq) from dispute_verdict n where n.dispute_id = d.dispute_id), '[]') as verdicts, (select c.settlement_id from correction c join settlement_state st using (settlement_id) where c.dispute_id = d.dispute_id and st.state <> 'rejected' order by c.settlement_id limit 1) as corrected_by from dispute_preview v join patient w using (patient_key) left join measure_key k using (measure_id) join dispute d using (preview_id) left join dispute_effect e on e.preview_id = v.preview_id and e.partner_id = v.partner_id left join ruling r using (dispute_id) where ($1::int is null or d.dispute_id = $2) and ($3::text is null or v.settlement_id = $4) order by d.dispute_id;

-- disputes readDispute
select v.preview_id, v.settlement_id, v.partner_id, v.insurers, w.patient_id, v.kind, k.key as measure, v.observed_on, v.value, d.dispute_id, d.evidence, d.filed_by, d.filed_on, d.deadline_on, e.before_cents, e.after_cents, r.verdict, r.reason, r.ruled_by, r.ruled_on, deciders(d.dispute_id) as deciders, others_moved(v.preview_id) as others, coalesce((select json_agg(json_build_object( 'insurer', i.insurer, 'before_cents', i.before_cents, 'after_cents', i.after_cents) order by i.insurer collate "C") from dispute_insurer_effect i where i.preview_id = v.preview_id), '[]') as insurer_effects, coalesce((select json_agg(json_build_object( 'insurer', n.insurer, 'verdict', n.verdict, 'reason', n.reason, 'by', n.ruled_by, 'on', n.ruled_on) order by n.seq) from dispute_verdict n where n.dispute_id = d.dispute_id), '[]') as verdicts, (select c.settlement_id from correction c join settlement_state st using (settlement_id) where c.dispute_id = d.dispute_id and st.state <> 'rejected' order by c.settlement_id limit 1) as corrected_by from dispute_preview v join patient w using (patient_key) left join measure_key k using (measure_id) join dispute d using (preview_id) left join dispute_effect e on e.preview_id = v.preview_id and e.partner_id = v.partner_id left join ruling r using (dispute_id) where ($1::int is null or d.dispute_id = $2) and ($3::text is null or v.settlement_id = $4) order by d.dispute_id;

-- rulings ruleOn
select act_day() as day;
select v.preview_id, v.settlement_id, v.partner_id, v.insurers, w.patient_id, v.kind, k.key as measure, v.observed_on, v.value, d.dispute_id, d.evidence, d.filed_by, d.filed_on, d.deadline_on, e.before_cents, e.after_cents, r.verdict, r.reason, r.ruled_by, r.ruled_on, deciders(d.dispute_id) as deciders, others_moved(v.preview_id) as others, coalesce((select json_agg(json_build_object( 'insurer', i.insurer, 'before_cents', i.before_cents, 'after_cents', i.after_cents) order by i.insurer collate "C") from dispute_insurer_effect i where i.preview_id = v.preview_id), '[]') as insurer_effects, coalesce((select json_agg(json_build_object( 'insurer', n.insurer, 'verdict', n.verdict, 'reason', n.reason, 'by', n.ruled_by, 'on', n.ruled_on) order by n.seq) from dispute_verdict n where n.dispute_id = d.dispute_id), '[]') as verdicts, (select c.settlement_id from correction c join settlement_state st using (settlement_id) where c.dispute_id = d.dispute_id and st.state <> 'rejected' order by c.settlement_id limit 1) as corrected_by from dispute_preview v join patient w using (patient_key) left join measure_key k using (measure_id) join dispute d using (preview_id) left join dispute_effect e on e.preview_id = v.preview_id and e.partner_id = v.partner_id left join ruling r using (dispute_id) where ($1::int is null or d.dispute_id = $2) and ($3::text is null or v.settlement_id = $4) order by d.dispute_id;
insert into "dispute_verdict" ("dispute_id", "insurer", "verdict", "reason", "ruled_by", "ruled_on") values ($1, $2, $3, $4, $5, $6);
select "settlement"."settlement_id", "settlement"."run_id", "settlement"."contract_id", "settlement"."region_id", "settlement"."as_of", "settlement"."period_start", "settlement"."prepared_by", "settlement"."seq", "state", "finality", "released_by", "released_on" from "settlement" inner join "settlement_state" on "settlement_state"."settlement_id" = "settlement"."settlement_id" where "settlement"."settlement_id" = $1;
select * from "run" where "run_id" = $1;
select "contract_sha256", "document", "yaml" from "contract" where "contract_sha256" = $1;
select "name" from "region" where "region_id" = $1;
select pg_advisory_xact_lock(hashtext('import'), hashtext($1));
insert into region (name) select $1 where not exists (select from region where name = $1);
select region_id from region where name = $1;
select max(delivered_on) as latest from delivery where region_id = $1;
select nextval(pg_get_serial_sequence($1, $2)) as id;
create temporary table ruled on commit drop as select e.* from enrolment_known($1, 'infinity') e join patient w using (patient_key) where w.patient_id = $2 and e.programme = $3;
insert into superseded_enrolment (region_id, patient_key, programme, delivery_id, by_delivery_id) select distinct region_id, patient_key, programme, delivery_id, $1::int from ruled;
insert into enrolment (region_id, patient_key, programme, partner_id, started_on, ended_on, end_reason, main_practitioner, delivery_id, source_file_id, line) select region_id, patient_key, programme, partner_id, started_on, ended_on, end_reason, main_practitioner, $1, $2, row_number() over (order by started_on, line) from ruled r where r.partner_id <> $3 and not exists ( select from partner_known($4, 'infinity') p where p.partner_id = r.partner_id and p.member_of = $3);
drop table ruled;
insert into delivery (delivery_id, region_id, delivered_on, content_sha256) overriding system value values ($1, $2, $3, $4);
insert into source_file (source_file_id, delivery_id, name, rows, rejected) overriding system value values ($1, $2, $3, $4, $5);
insert into delivery_rejects (delivery_id, csv_gzip, warnings_gzip) values ($1, $2, $3);
insert into "ruling" ("dispute_id", "verdict", "reason", "ruled_by", "ruled_on", "delivery_id") values ($1, $2, $3, $4, $5, $6);

-- corrections lastRejectedOf
with recursive attempt as ( select $1::text as settlement_id, 0 as place union all select c.settlement_id, place + 1 from correction c join attempt on c.corrects = attempt.settlement_id join settlement s on s.settlement_id = c.settlement_id join settlement_state st on st.settlement_id = c.settlement_id where s.as_of = $2 and st.state = 'rejected') select settlement_id from attempt order by place desc, settlement_id limit 1;

-- corrections correctionOf
select "correction"."settlement_id" from "correction" inner join "settlement_state" on "settlement_state"."settlement_id" = "correction"."settlement_id" where "dispute_id" = $1 and "state" <> $2;

-- corrections correctableAsOf
select "settlement"."settlement_id", "settlement"."run_id", "settlement"."contract_id", "settlement"."region_id", "settlement"."as_of", "settlement"."period_start", "settlement"."prepared_by", "settlement"."seq", "state", "finality", "released_by", "released_on" from "settlement" inner join "settlement_state" on "settlement_state"."settlement_id" = "settlement"."settlement_id" where "settlement"."settlement_id" = $1;
with recursive later as ( select settlement_id from correction where corrects = $1 union select c.settlement_id from correction c join later on c.corrects = later.settlement_id) select settlement_id from later join settlement_state using (settlement_id) where state <> 'rejected' limit 1;

-- corrections appendCorrection
insert into "correction" ("settlement_id", "corrects", "cause", "dispute_id", "note") values ($1, $2, $3, $4, $5) on conflict do nothing;

-- corrections readCorrection
select * from "correction" where "settlement_id" = $1;

-- contract-years refuseContractYears
select distinct c.contract_id as contract, c.document #>> '{period,start}' as start, c.document #>> '{period,end}' as "end", c.document -> 'partners' as partners from settlement s join settlement_state st using (settlement_id) join run r using (run_id) join contract c using (contract_sha256) where s.region_id = $1 and st.released_on is not null and c.contract_id <> $2 and c.programme = $3 and c.document #>> '{period,start}' <= $5 and c.document #>> '{period,end}' >= $4 order by 2, 1;

-- corrections releasedBefore
select "settlement"."settlement_id" from "settlement" inner join "settlement_state" on "settlement_state"."settlement_id" = "settlement"."settlement_id" where "contract_id" = $1 and "region_id" = $2 and "period_start" is not distinct from $3 and "as_of" < $4 and "released_on" is not null order by "as_of" desc limit $5;

-- corrections adoptModels
insert into run_model (run_id, measure, years_elapsed, model_id) select $1, measure, years_elapsed, model_id from run_model where run_id = $2 on conflict do nothing;

-- differences orderedSettlements
select "settlement"."settlement_id", "settlement"."run_id", "settlement"."contract_id", "settlement"."region_id", "settlement"."as_of", "settlement"."period_start", "settlement"."prepared_by", "settlement"."seq", "state", "finality", "released_by", "released_on" from "settlement" inner join "settlement_state" on "settlement_state"."settlement_id" = "settlement"."settlement_id" where "settlement"."settlement_id" = $1;
select "settlement"."settlement_id", "settlement"."run_id", "settlement"."contract_id", "settlement"."region_id", "settlement"."as_of", "settlement"."period_start", "settlement"."prepared_by", "settlement"."seq", "state", "finality", "released_by", "released_on" from "settlement" inner join "settlement_state" on "settlement_state"."settlement_id" = "settlement"."settlement_id" where "contract_id" = $1 and "region_id" = $2 order by "as_of" desc, "settlement"."seq" desc;

-- differences ruledBetween
select "settlement"."settlement_id", "settlement"."run_id", "settlement"."contract_id", "settlement"."region_id", "settlement"."as_of", "settlement"."period_start", "settlement"."prepared_by", "settlement"."seq", "state", "finality", "released_by", "released_on" from "settlement" inner join "settlement_state" on "settlement_state"."settlement_id" = "settlement"."settlement_id" where "settlement"."settlement_id" = $1;
select e.partner_id, e.after_cents - e.before_cents as cents, case p.kind when 'not_our_patient' then 'attribution' else 'late_data' end as input from ruling r join dispute d using (dispute_id) join dispute_preview p using (preview_id) join dispute_effect e using (preview_id) join settlement s on s.settlement_id = p.settlement_id where r.verdict = 'upheld' and s.contract_id = $1 and s.region_id = $2 and (r.ruled_on > $3 or p.settlement_id = $4) and r.ruled_on <= $5 and e.after_cents <> e.before_cents order by r.seq, e.partner_id collate "C";

-- differences settlementBefore
select "settlement"."settlement_id", "settlement"."run_id", "settlement"."contract_id", "settlement"."region_id", "settlement"."as_of", "settlement"."period_start", "settlement"."prepared_by", "settlement"."seq", "state", "finality", "released_by", "released_on" from "settlement" inner join "settlement_state" on "settlement_state"."settlement_id" = "settlement"."settlement_id" where "contract_id" = $1 and "region_id" = $2 and "period_start" is not distinct from $3 order by "as_of" desc, "settlement"."seq" desc;

-- differences appendDifference
select "settlement"."settlement_id", "settlement"."run_id", "settlement"."contract_id", "settlement"."region_id", "settlement"."as_of", "settlement"."period_start", "settlement"."prepared_by", "settlement"."seq", "state", "finality", "released_by", "released_on" from "settlement" inner join "settlement_state" on "settlement_state"."settlement_id" = "settlement"."settlement_id" where "settlement"."settlement_id" = $1;
select "settlement"."settlement_id", "settlement"."run_id", "settlement"."contract_id", "settlement"."region_id", "settlement"."as_of", "settlement"."period_start", "settlement"."prepared_by", "settlement"."seq", "state", "finality", "released_by", "released_on" from "settlement" inner join "settlement_state" on "settlement_state"."settlement_id" = "settlement"."settlement_id" where "contract_id" = $1 and "region_id" = $2 order by "as_of" desc, "settlement"."seq" desc;
insert into "settlement_difference" ("from_id", "to_id", "document") values ($1, $2, $3) on conflict do nothing;

-- differences readDifference
select "settlement"."settlement_id", "settlement"."run_id", "settlement"."contract_id", "settlement"."region_id", "settlement"."as_of", "settlement"."period_start", "settlement"."prepared_by", "settlement"."seq", "state", "finality", "released_by", "released_on" from "settlement" inner join "settlement_state" on "settlement_state"."settlement_id" = "settlement"."settlement_id" where "settlement"."settlement_id" = $1;
select "settlement"."settlement_id", "settlement"."run_id", "settlement"."contract_id", "settlement"."region_id", "settlement"."as_of", "settlement"."period_start", "settlement"."prepared_by", "settlement"."seq", "state", "finality", "released_by", "released_on" from "settlement" inner join "settlement_state" on "settlement_state"."settlement_id" = "settlement"."settlement_id" where "contract_id" = $1 and "region_id" = $2 order by "as_of" desc, "settlement"."seq" desc;
select difference_document($1, $2) as document;

-- differences hasPanels
select count(*) as "panels" from "panel_shard" where "region_id" = $1 and "dataset_sha256" = $2 and "programme" = $3;

-- insurer-bundle insurerBundle
select "settlement"."settlement_id", "settlement"."run_id", "settlement"."contract_id", "settlement"."region_id", "settlement"."as_of", "settlement"."period_start", "settlement"."prepared_by", "settlement"."seq", "state", "finality", "released_by", "released_on" from "settlement" inner join "settlement_state" on "settlement_state"."settlement_id" = "settlement"."settlement_id" where "settlement"."settlement_id" = $1;
select "document" from "settlement_excerpt" where "settlement_id" = $1 and "role" = $2 and "subject" = $3;
select * from "run" where "run_id" = $1;
select "contract_sha256", "document", "yaml" from "contract" where "contract_sha256" = $1;
select settlement_document($1) as document;
select "region_id", "name" from "region";
select * from "correction" where "settlement_id" = $1;
select seq, hash from ledger_head();
select p.partner_id, sum(w.exposure_days)::bigint as days from (select distinct e.patient_key, e.index_no, e.partner_no, e.exposure_days from expectation e join realisation h using (run_key, measure_id, years_before, patient_key, index_no) join run_insurer i on i.run_id = $1 and i.insurer_no = e.insurer_no where e.run_key = $2 and e.years_before = 0 and i.insurer = $3 and h.status in ('measured', 'missing')) w join run_partner p on p.run_id = $4 and p.partner_no = w.partner_no group by p.partner_id;
select "entry_id", "account", "partner_id", "debit_cents", "credit_cents", "posted_on", "reverses", "seq" from "ledger_entry" where "settlement_id" = $1 and "insurer" = $2 and partner_id = any ($3) order by "seq";

-- bundle writeBundle
select "settlement"."settlement_id", "settlement"."run_id", "settlement"."contract_id", "settlement"."region_id", "settlement"."as_of", "settlement"."period_start", "settlement"."prepared_by", "settlement"."seq", "state", "finality", "released_by", "released_on" from "settlement" inner join "settlement_state" on "settlement_state"."settlement_id" = "settlement"."settlement_id" where "settlement"."settlement_id" = $1;
select settlement_document($1) as document;
select * from "run" where "run_id" = $1;
select "contract_sha256", "document", "yaml" from "contract" where "contract_sha256" = $1;
select "partner_id" as "partnerId", "kind", "member_of" as "memberOf" from "run_partner" where "run_id" = $1 order by "partner_no";
select "insurer" from "run_insurer" where "run_id" = $1 order by "insurer_no";
select distinct partner_id collate "C" as partner_id from enrolment_known($1, $2) where programme = $3 order by 1;
select "result" from "stage_done" where "run_id" = $1 and "stage" = $2;
select "region_id", "name" from "region";
select distinct on (programme) programme, definition::text as json from programme_definition join delivery using (delivery_id, region_id) where region_id = $1 and delivered_on <= $2 order by programme, delivered_on desc, delivery_id desc;
select "measure", "years_elapsed", "model_id" from "run_model" where "run_id" = $1;
select * from "correction" where "settlement_id" = $1;
select seq, hash from ledger_head();
select * from "ledger_entry" where "settlement_id" = $1 order by "seq";
with counts_under as (select * from unnest($1::text[], $2::int[]) as c (partner_id, credited)) select c.credited, sum(t.amount_cents)::text as cents from claim_known($3, $4) t join counts_under c using (partner_id) join patient_state_known($3, $4) p using (patient_key) where t.performed_on between $5 and $6 and ($7::text[] is null or p.insurer = any ($7)) and exists ( select from enrolment_known($3, $4) e join counts_under own using (partner_id) where e.patient_key = t.patient_key and e.programme = $8 and own.credited = c.credited and e.started_on <= t.performed_on and (e.ended_on is null or t.performed_on < e.ended_on)) group by c.credited;
select partner_id as "partnerId", gate, value, period from quality_known($1, $2) order by partner_id collate "C", gate collate "C", period collate "C" nulls first;
select measure_id as id from measure_key where key = $1;
copy (select w.patient_id, p.partner_id, i.insurer, e.patient_key, e.index_on, e.exposure_days from expectation e join run r using (run_key) join patient w using (patient_key) join run_partner p on p.run_id = r.run_id and p.partner_no = e.partner_no join run_insurer i on i.run_id = r.run_id and i.insurer_no = e.insurer_no where e.run_key = 1 and e.measure_id = 1 and e.years_before = 0 order by w.patient_id collate "C", e.index_no) to stdout (format binary);
select "programme" from "contract" where "contract_sha256" = $1;
select k.key as measure, k.measure_id as "measureId", y as "yearsBefore" from measure_key k, unnest($2::int[]) y where exists (select from expectation e where e.run_key = $1 and e.measure_id = k.measure_id and e.years_before = y) order by k.key collate "C", y;
copy (select patient_key, patient_id from patient where region_id = 1) to stdout (format binary);
copy (select e.patient_key, e.index_no, h.status::text, e.partner_no, e.practice_no, e.years_elapsed, e.index_on, e.target_on, h.baseline, e.mean, e.sd, e.q05, e.q10, e.q25, e.q50, e.q75, e.q90, e.q95, h.realised, h.realised_on, e.expected_value, h.realised_value, h.gain, a.measured_probability, a.imputed_gain, a.contribution from expectation e join realisation h using (run_key, measure_id, years_before, patient_key, index_no) left join gain a using (run_key, measure_id, years_before, patient_key, index_no) where e.run_key = 1 and e.measure_id = 1 and e.years_before = 0) to stdout (format binary);
copy (select e.patient_key, e.index_no, h.status::text, e.partner_no, e.practice_no, e.years_elapsed, e.index_on, e.target_on, h.baseline, e.mean, e.sd, e.q05, e.q10, e.q25, e.q50, e.q75, e.q90, e.q95, h.realised, h.realised_on, e.expected_value, h.realised_value, h.gain, a.measured_probability, a.imputed_gain, a.contribution from expectation e join realisation h using (run_key, measure_id, years_before, patient_key, index_no) left join gain a using (run_key, measure_id, years_before, patient_key, index_no) where e.run_key = 1 and e.measure_id = 2 and e.years_before = 0) to stdout (format binary);
