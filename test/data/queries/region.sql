-- claims perProcedureCents
with counts_under as (select * from unnest($1::text[], $2::int[]) as c (partner_id, credited)) select c.credited, sum(t.amount_cents)::text as cents from claim_known($3, $4) t join counts_under c using (partner_id) join patient_state_known($3, $4) p using (patient_key) where t.performed_on between $5 and $6 and ($7::text[] is null or p.insurer = any ($7)) and exists ( select from enrolment_known($3, $4) e join counts_under own using (partner_id) where e.patient_key = t.patient_key and e.programme = $8 and own.credited = c.credited and e.started_on <= t.performed_on and (e.ended_on is null or t.performed_on < e.ended_on)) group by c.credited;

-- contracts appendContract
insert into "contract" ("contract_sha256", "contract_id", "programme", "yaml", "document") values ($1, $2, $3, $4, $5) on conflict do nothing;
insert into "region_contract" ("region_id", "contract_sha256", "contract_id") values ($1, $2, $3) on conflict do nothing;

-- contracts readContract
select "contract_sha256", "document", "yaml" from "contract" where "contract_sha256" = $1;

-- contracts contractOfRegion
select "c"."contract_sha256", "c"."document", "c"."yaml" from "region_contract" as "r" inner join "contract" as "c" on "c"."contract_sha256" = "r"."contract_sha256" where "r"."region_id" = $1 and "r"."contract_id" = $2 order by "r"."seq" desc limit $3;

-- contracts listContracts
select distinct on ("r"."contract_id") "c"."contract_sha256", "c"."document", "c"."yaml" from "region_contract" as "r" inner join "contract" as "c" on "c"."contract_sha256" = "r"."contract_sha256" where "r"."region_id" = $1 order by "r"."contract_id", "r"."seq" desc;

-- deliveries deliveriesUpTo
select "delivered_on" as "deliveredOn", "content_sha256" as "contentSha256" from "delivery" where "region_id" = $1 and "delivered_on" <= $2 order by "delivered_on", "delivery_id";

-- deliveries deliveryOn
select "delivery_id" as "deliveryId", "delivered_on" as "deliveredOn" from "delivery" where "region_id" = $1 and "delivered_on" = $2 order by "delivered_on" desc, "delivery_id" desc limit $3;

-- enrolled-partners enrolledPartnerIds
select distinct partner_id collate "C" as partner_id from enrolment_known($1, $2) where programme = $3 order by 1;

-- period-data refusePeriodWithoutData
select max(delivered_on) as latest from delivery where region_id = $1 and delivered_on <= $2;
select from enrolment_known($1, $2) e where programme = $3 and started_on <= $5 and (ended_on is null or ended_on > $4) and ($6::text[] is null or partner_id = any ($6) or partner_id in (select partner_id from partner_known($1, $2) where member_of = any ($6))) limit 1;

-- quality readQuality
select partner_id as "partnerId", gate, value, period from quality_known($1, $2) order by partner_id collate "C", gate collate "C", period collate "C" nulls first;

-- region-programmes regionProgrammes
select distinct on (programme) programme, definition::text as json from programme_definition join delivery using (delivery_id, region_id) where region_id = $1 and delivered_on <= $2 order by programme, delivered_on desc, delivery_id desc;

-- region-programmes programmesWith
select distinct on (programme) programme, definition::text as json from programme_definition join delivery using (delivery_id, region_id) where region_id = $1 and delivered_on <= $2 order by programme, delivered_on desc, delivery_id desc;

-- region-programmes definitionsOf
select distinct on (programme) programme, definition::text as json from programme_definition join delivery using (delivery_id, region_id) where region_id = $1 and delivered_on <= $2 order by programme, delivered_on desc, delivery_id desc;

-- regions regionOf
select "region_id", "name" from "region";

-- regions regionMade
insert into "region" ("name") values ($1) on conflict do nothing;
select "region_id", "name" from "region";

-- regions regionAsked
select "region_id", "name" from "region";

-- regions readRegions
select "region_id", "name" from "region";

-- regions latestDelivery
select max("delivered_on") as "latest" from "delivery" where "region_id" = $1;

-- deliveries filesKnownBy
select "delivery_id" as "deliveryId", "delivered_on" as "deliveredOn" from "delivery" where "region_id" = $1 and "delivered_on" <= $2 and "delivery_id" in (select "delivery_id" from "delivery_rejects") order by "delivered_on" desc, "delivery_id" desc limit $3;

-- work workList
select distinct on ("r"."contract_id") "c"."contract_sha256", "c"."document", "c"."yaml" from "region_contract" as "r" inner join "contract" as "c" on "c"."contract_sha256" = "r"."contract_sha256" where "r"."region_id" = $1 order by "r"."contract_id", "r"."seq" desc;
select distinct on (programme) programme, definition::text as json from programme_definition join delivery using (delivery_id, region_id) where region_id = $1 and delivered_on <= $2 order by programme, delivered_on desc, delivery_id desc;
select pg_advisory_xact_lock(hashtext('snapshot'), $1);
select deliveries_known($1, $2) as deliveries;
select s.dataset_sha256 from snapshot s where s.region_id = $1 and s.recipe = $2 and $4 = ( select count(*)::int from panel_shard p where p.region_id = s.region_id and p.dataset_sha256 = s.dataset_sha256 and p.programme = $3);
copy (select p.patient_key, p.shard, t.birth_year, t.died_on, p.patient_id, t.sex::text, t.postcode4, t.insurer from patient_state_known(1, '2026-01-01') t join patient p using (patient_key)) to stdout (format binary);
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

-- regions countPatients
select count(*) as "patients" from "patient" where "region_id" = $1;

-- regions readPartners
select partner_id as "partnerId", kind, member_of as "memberOf", name from partner_known($1, $2);

-- servers serversOf
select server from fhir_server join region using (region_id) where name = $1 order by fhir_server.delivery_id, server;
