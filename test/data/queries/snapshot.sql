-- snapshot takeSnapshot
select distinct on (programme) programme, definition::text as json from programme_definition join delivery using (delivery_id, region_id) where region_id = $1 and delivered_on <= $2 order by programme, delivered_on desc, delivery_id desc;
select pg_advisory_xact_lock(hashtext('snapshot'), $1);
select deliveries_known($1, $2) as deliveries;
select s.dataset_sha256 from snapshot s where s.region_id = $1 and s.recipe = $2 and $4 = ( select count(*)::int from panel_shard p where p.region_id = s.region_id and p.dataset_sha256 = s.dataset_sha256 and p.programme = $3);

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

-- request-store asIdentity
select "region_id", "name" from "region";

-- request-store asReader
select "region_id", "name" from "region";

-- request-store asWorker
select "region_id", "name" from "region";

-- request-store asSigner
select "region_id", "name" from "region";
