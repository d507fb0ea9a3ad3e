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

-- regions countPatients
select count(*) as "patients" from "patient" where "region_id" = $1;

-- regions readPartners
select partner_id as "partnerId", kind, member_of as "memberOf", name from partner_known($1, $2);

-- servers serversOf
select server from fhir_server join region using (region_id) where name = $1 order by fhir_server.delivery_id, server;
