-- cells researchRun
select "run_id" from "settlement" where "settlement_id" = $1;
select * from "run" where "run_id" = $1;
select "contract_sha256", "document", "yaml" from "contract" where "contract_sha256" = $1;
select distinct on (programme) programme, definition::text as json from programme_definition join delivery using (delivery_id, region_id) where region_id = $1 and delivered_on <= $2 order by programme, delivered_on desc, delivery_id desc;

-- cells appendResearchCells
select "run_id" from "settlement" where "settlement_id" = $1;
select * from "run" where "run_id" = $1;
select "contract_sha256", "document", "yaml" from "contract" where "contract_sha256" = $1;
select distinct on (programme) programme, definition::text as json from programme_definition join delivery using (delivery_id, region_id) where region_id = $1 and delivered_on <= $2 order by programme, delivered_on desc, delivery_id desc;
select from research_cell where run_key = $1 limit 1;
select fine, value, measure_id, cohort, age, sex::text, count(*)::int as eligible, (count(*) filter (where is_measured))::int as measured, count(contribution)::int as contributions, array[coalesce(sum(case when is_measured then mean end), 0), coalesce(sum(case when is_measured then mean end * case when is_measured then mean end), 0), coalesce(sum(case when is_measured then realised end), 0), coalesce(sum(case when is_measured then realised end * case when is_measured then realised end), 0), coalesce(sum(case when is_measured then expected_value end), 0), coalesce(sum(case when is_measured then expected_value end * case when is_measured then expected_value end), 0), coalesce(sum(case when is_measured then realised_value end), 0), coalesce(sum(case when is_measured then realised_value end * case when is_measured then realised_value end), 0), coalesce(sum(case when is_measured then gain end), 0), coalesce(sum(case when is_measured then gain end * case when is_measured then gain end), 0), coalesce(sum(contribution), 0), coalesce(sum(contribution * contribution), 0)] as moments from (select e.measure_id, e.patient_key, research_code($3, p.partner_id) as partner, date_part('year', e.index_on)::int::text as year, coalesce(left(s.postcode4, 2), 'unknown') as postcode_area, coalesce(d.condition, 'none') as condition, case when p.partner_id = any ($5::text[]) then 'control' else 'contract' end as cohort, (case when e.birth_year = 0 then -1 else (date_part('year', e.index_on)::int - e.birth_year) / 10 * 10 end)::smallint as age, e.sex, h.status = 'measured' as is_measured, e.mean, h.realised, e.expected_value, h.realised_value, h.gain, g.contribution from expectation e join realisation h using (run_key, measure_id, years_before, patient_key, index_no) join run_partner p on p.run_id = $2 and p.partner_no = e.partner_no left join gain g using (run_key, measure_id, years_before, patient_key, index_no) left join patient_state_known($3, $4::date) s on s.patient_key = e.patient_key left join ( select patient_key, case when count(distinct chapter) = 1 then min(chapter) else 'several' end as condition from ( select c.patient_key, case c.code_system when 'SNOMED' then 'SNOMED' else c.code_system || ' ' || left(c.code, 1) end as chapter from condition_episode_known($3, $4::date) c where c.onset_on <= $6::date and (c.resolved_on is null or c.resolved_on > $6::date) and split_part(c.code, '.', 1) <> all ($7::text[])) active group by patient_key) d on d.patient_key = e.patient_key where e.run_key = $1 and e.years_before = 0 and e.index_no = 1 and h.status in ('measured', 'missing') order by measure_id, patient_key) person cross join lateral (values ('partner', partner), ('year', year), ('postcode_area', postcode_area), ('condition', condition)) as place (fine, value) group by fine, value, measure_id, cohort, age, sex order by fine, measure_id, value collate "C", cohort, age, sex;
insert into research_cell (run_key, fine, value, measure_id, cohort, age, sex, eligible, measured, contributions, moments, told) select $1, fine, value, measure_id, cohort, age, sex, eligible, measured, contributions, moments, told from jsonb_to_recordset($2) cell (fine text, value text, measure_id smallint, cohort text, age smallint, sex text, eligible int, measured int, contributions int, moments float8[], told smallint) on conflict do nothing;

-- cells readResearchCells
select c.fine, k.key as measure, c.value, c.cohort, c.age, c.sex, c.eligible, c.measured, c.contributions, c.moments, c.told from research_cell c join measure_key k using (measure_id) where c.run_key = $1 and c.fine = $2 and k.key = any ($3) order by c.measure_id, c.value collate "C", c.cohort, c.age, c.sex;

-- editions editionOf
select pg_advisory_xact_lock(hashtext('research'), $1);
select "is_open", "cells_that_tell" from "research_edition" where "settlement_id" = $1 and "region_id" = $2;

-- editions isFinal
select "s"."settlement_id" from "settlement" as "s" inner join "settlement_state" as "t" on "t"."settlement_id" = "s"."settlement_id" where "s"."settlement_id" = $1 and "s"."region_id" = $2 and "t"."finality" = $3;

-- editions holdAgainstOpen
select "is_open", "cells_that_tell" from "research_edition" where "settlement_id" = $1;

-- editions openEditionOf
select "e"."settlement_id" from "research_edition" as "e" inner join "settlement" as "s" on "s"."settlement_id" = "e"."settlement_id" where "s"."region_id" = $1 and "s"."contract_id" = $2 and "e"."is_open" = $3 order by "e"."seq" desc limit $4;

-- questions registerQuestion
insert into "question" ("question_id", "region_id", "contract_id", "settlement_id", "asked_by", "document") values ($1, $2, $3, $4, $5, $6) on conflict do nothing;

-- questions listQuestions
select "q"."question_id", "q"."region_id", "q"."asked_by", "q"."asked_at", "q"."document", "q"."seq", "a"."answered_at" from "question" as "q" left join "answer" as "a" on "a"."question_id" = "q"."question_id" where true and "q"."contract_id" = $1 and "a"."question_id" is null order by q.seq desc, q.seq desc limit $2;

-- questions findQuestion
select "q"."question_id", "q"."region_id", "q"."asked_by", "q"."asked_at", "q"."document", "q"."seq", "a"."answered_at" from "question" as "q" left join "answer" as "a" on "a"."question_id" = "q"."question_id" where "q"."question_id" = $1;

-- answers appendAnswer
insert into "answer" ("question_id", "settlement_id", "document") values ($1, $2, $3) on conflict do nothing;

-- answers readAnswer
select "settlement_id", "answered_at", "document" from "answer" where "question_id" = $1;
