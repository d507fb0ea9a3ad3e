-- snapshot takeSnapshot
select distinct on (programme) programme, definition::text as json from programme_definition join delivery using (delivery_id, region_id) where region_id = $1 and delivered_on <= $2 order by programme, delivered_on desc, delivery_id desc;
select pg_advisory_xact_lock(hashtext('snapshot'), $1);
select deliveries_known($1, $2) as deliveries;
select s.dataset_sha256 from snapshot s where s.region_id = $1 and s.recipe = $2 and $4 = ( select count(*)::int from panel_shard p where p.region_id = s.region_id and p.dataset_sha256 = s.dataset_sha256 and p.programme = $3);
copy (select p.patient_key, p.shard, coalesce(t.birth_year, 0)::int2, t.died_on, p.patient_id, t.sex::text, t.postcode4, t.insurer from patient_state_known(1, '2026-01-01') t join patient p using (patient_key)) to stdout (format binary);
select partner_id as "partnerId", kind, member_of as "memberOf", name from partner_known($1, $2);
select count(*)::text as rows from enrolment where region_id = $1;
select count(*)::text as rows from observation where region_id = $1;
select count(*)::text as rows from condition_episode where region_id = $1;
select count(*)::text as rows from medication where region_id = $1;
select count(*)::text as rows from claim where region_id = $1;
delete from panel_shard where region_id = $1 and dataset_sha256 = $2;
select measure_id, key from measure_key;
select exists (select from superseded_enrolment where region_id = $1) as superseded, deliveries_known($1, $2) as deliveries;
copy (select t.patient_key, t.programme::text, t.started_on, t.partner_id::text, t.ended_on, t.end_reason::text, t.main_practitioner::text from (select * from enrolment where region_id = 1 and delivery_id in (1)) t) to stdout (format binary);
select exists (select from superseded_observation where region_id = $1) as superseded, deliveries_known($1, $2) as deliveries;
copy (select t.patient_key, t.measure_id, t.observed_on, t.value, t.partner_id::text from (select * from observation where region_id = 1 and delivery_id in (1)) t) to stdout (format binary);
select exists (select from superseded_condition_episode where region_id = $1) as superseded, deliveries_known($1, $2) as deliveries;
copy (select t.patient_key, t.code_system::text, t.code::text, t.onset_on, t.resolved_on from (select * from condition_episode where region_id = 1 and delivery_id in (1)) t) to stdout (format binary);
select exists (select from superseded_medication where region_id = $1) as superseded, deliveries_known($1, $2) as deliveries;
copy (select t.patient_key, t.atc::text, t.started_on, t.ended_on from (select * from medication where region_id = 1 and delivery_id in (1)) t) to stdout (format binary);
select exists (select from superseded_claim where region_id = $1) as superseded, deliveries_known($1, $2) as deliveries;
copy (select t.patient_key, t.claim_id, t.partner_id::text, t.performed_on, t.code::text, t.quantity, t.amount_cents, t.setting::text from (select * from claim where region_id = 1 and delivery_id in (1)) t) to stdout (format binary);
insert into panel_shard (region_id, dataset_sha256, programme, shard, bytes) values ($1, $2, $3, $4, $5);
select partner_id, name, kind, coalesce(agb, '') as agb, coalesce(member_of, '') as member_of from partner_known($1, $2);
select partner_id, gate, value, coalesce(period, '') as period, coalesce(evidence, '') as evidence from quality_known($1, $2);
select distinct on (p.programme) p.programme, p.definition from programme_definition p join delivery d using (delivery_id) where p.region_id = $1 and d.delivered_on <= $2 order by p.programme, d.delivered_on desc, p.delivery_id desc;
delete from panel_shard where region_id = $1 and dataset_sha256 = $2 and programme = $3;
update panel_shard set dataset_sha256 = $2 where region_id = $1 and dataset_sha256 = $4 and programme = $3;
insert into snapshot (region_id, recipe, dataset_sha256) values ($1, $2, $3) on conflict (region_id, recipe) do update set dataset_sha256 = excluded.dataset_sha256;

-- work workList
select distinct on ("r"."contract_id") "c"."contract_sha256", "c"."document", "c"."yaml" from "region_contract" as "r" inner join "contract" as "c" on "c"."contract_sha256" = "r"."contract_sha256" where "r"."region_id" = $1 order by "r"."contract_id", "r"."seq" desc;
select distinct on (programme) programme, definition::text as json from programme_definition join delivery using (delivery_id, region_id) where region_id = $1 and delivered_on <= $2 order by programme, delivered_on desc, delivery_id desc;
select pg_advisory_xact_lock(hashtext('snapshot'), $1);
select deliveries_known($1, $2) as deliveries;
select s.dataset_sha256 from snapshot s where s.region_id = $1 and s.recipe = $2 and $4 = ( select count(*)::int from panel_shard p where p.region_id = s.region_id and p.dataset_sha256 = s.dataset_sha256 and p.programme = $3);
select distinct partner_id collate "C" as partner_id from enrolment_known($1, $2) where programme = $3 order by 1;
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

-- work seenPatients
select "patient_id" from "patient" where "region_id" = $1 and "patient_id" in ($2, $3);

-- snapshot readPanel
copy (select bytes from panel_shard where region_id = '1' and dataset_sha256 = '<sha256>' and programme = 'dm2' and shard = '0') to stdout (format binary);

-- profile profileOf
select distinct on (programme) programme, definition::text as json from programme_definition join delivery using (delivery_id, region_id) where region_id = $1 and delivered_on <= $2 order by programme, delivered_on desc, delivery_id desc;
select measure_id, key from measure_key order by key collate "C";
copy (select patient_key, programme, partner_id from enrolment_known(1, '2026-01-01') e where started_on <= '2026-01-01' and (ended_on is null or ended_on > '2026-01-01') and not exists (select from patient_state_known(1, '2026-01-01') p where p.patient_key = e.patient_key and p.died_on <= '2026-01-01') order by patient_key) to stdout (format binary);
select deliveries_known($1, $2) = array[$3::int] as alone;
copy (select distinct on (patient_key) patient_key, partner_id from enrolment_known(1, '2026-01-01') order by patient_key, started_on desc, partner_id collate "C") to stdout (format binary);
copy (select patient_key, measure_id, observed_on, value, partner_id from observation where region_id = 1 and delivery_id = 1 order by patient_key) to stdout (format binary);
select measure_id, unit, converted, rows from unit_usage where delivery_id = $1 order by rows desc, unit collate "C";
with life as materialized ( select patient_key, died_on, make_date(birth_year, 1, 1) as born_on from patient_state_known($1, $3)) select 'condition_episode' as "table", case when f.onset_on > p.died_on then 'after_death' else 'before_birth' end as "when", count(*)::int as rows, count(distinct f.patient_key)::int as patients from condition_episode f join life p using (patient_key) where f.region_id = $1 and f.delivery_id = $2 and (f.onset_on > p.died_on or f.onset_on < p.born_on) group by 1, 2 union all select 'medication' as "table", case when f.started_on > p.died_on then 'after_death' else 'before_birth' end as "when", count(*)::int as rows, count(distinct f.patient_key)::int as patients from medication f join life p using (patient_key) where f.region_id = $1 and f.delivery_id = $2 and (f.started_on > p.died_on or f.started_on < p.born_on) group by 1, 2 union all select 'claim' as "table", case when f.performed_on > p.died_on then 'after_death' else 'before_birth' end as "when", count(*)::int as rows, count(distinct f.patient_key)::int as patients from claim f join life p using (patient_key) where f.region_id = $1 and f.delivery_id = $2 and (f.performed_on > p.died_on or f.performed_on < p.born_on) group by 1, 2 order by 1, 2;
select key as measure, cause, faults from likely_cause left join measure_key using (measure_id) where delivery_id = $1 order by faults desc, cause collate "C", key collate "C" nulls first;
select partner_id, name from partner_known($1, $2);

-- frames assessmentFrame
select patient_id, partner_id, practice_id, measure, index_on, target_on, status::text as status, baseline, mean, sd, q05, q10, q25, q50, q75, q90, q95, realised, realised_on, expected_value, realised_value, gain, measured_probability, imputed_gain, contribution, model_id from assessment where run_id = $1 and measure = $2 and years_before = $3 order by patient_id collate "C" limit $4;

-- links appendLink
insert into "sign_in_link" ("code_sha256", "region_id", "role", "subject", "issued_by", "expires_at") values ($1, $2, $3, $4, $5, now() + make_interval(days => $6));

-- links useLink
select use_sign_in_link($1, $2) as used;

-- board-statements appendBoardStatement
select keep_board_statement($1, $2, $3, $4);

-- board-statements openBoardStatement
select region_id, region, partner_id, pdf from board_statement_of($1);

-- keys appendKey
insert into "access_key" ("key_id", "token_sha256", "region_id", "role", "subject", "issued_by", "expires_at") values ($1, $2, $3, $4, $5, $6, now() + make_interval(days => $7));

-- keys identityOf
select key_id, region_id, region, role, subject, scope from key_owner($1);

-- keys listKeys
select "k"."key_id" as "keyId", "k"."role", "k"."subject", "k"."scope", "k"."issued_by" as "issuedBy", "k"."issued_at" as "issuedAt", "k"."expires_at" as "expiresAt", "v"."revoked_at" as "revokedAt" from "access_key" as "k" left join "access_key_revocation" as "v" on "v"."key_id" = "k"."key_id" where "k"."region_id" = $1 order by "k"."issued_at" desc, "k"."key_id";

-- keys revokeKey
select "key_id" from "access_key" where "key_id" = $1 and "region_id" = $2;
insert into "access_key_revocation" ("key_id", "revoked_by") values ($1, $2) on conflict do nothing;

-- keys issueKey
select issue_key($1, $2, $3, $4, $5);

-- keys withdrawKey
select revoke_key($1) as known;

-- audit appendEvent
select append_audit($1);

-- audit appendEvents
select append_audit($1);

-- audit readEvents
select audit_id as "auditId", seq, at, event, access_point as "accessPoint", role, who, on_behalf_of as "onBehalfOf", credential, purpose, outcome, code, object, patients, everybody, times, hash from audit_event where (audit_id, audit_id) < ($1::bigint, $2::bigint) and (who = $3 or on_behalf_of = $4) and (patients <> '{}' and patients @> array[$5]::text[] or everybody is not null) and event = $6 and outcome = $7 and at >= $8::date::timestamp at time zone 'UTC' and at < ($9::date + 1)::timestamp at time zone 'UTC' order by audit_id desc, audit_id desc limit $10;

-- audit auditHeads
select region, seq, hash from audit_heads();

-- audit holdsEvent
select audit_holds($1, $2) as holds;

-- audit brokenEvents
select chain, seq, fault from broken_audit();

-- request-store asIdentity
select "region_id", "name" from "region";

-- request-store asReader
select "region_id", "name" from "region";

-- request-store asWorker
select "region_id", "name" from "region";

-- request-store asSigner
select "region_id", "name" from "region";
