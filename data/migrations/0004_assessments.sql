-- What was to be expected, what happened, and what that says: one row a patient, outcome and index date.
-- Millions of rows: no foreign keys (a stage reads what it refers to), and the run, the measure and the partners are small integers that the view below spells out.

create type assessment_status as enum ('measured', 'missing', 'died', 'left', 'no_baseline', 'enrolled_late');

create table expectation (
  run_key int not null,
  measure_id smallint not null,
  years_before smallint not null check (years_before between 0 and 3),
  patient_key int not null,
  partner_no smallint not null,
  practice_no smallint not null,
  insurer_no smallint not null,
  birth_year smallint not null,
  sex char(1) not null,
  exposure_days int not null check (exposure_days >= 0),
  index_on date not null,
  target_on date not null check (target_on > index_on),
  mean float8, sd float8,
  q05 float8, q10 float8, q25 float8, q50 float8, q75 float8, q90 float8, q95 float8,
  expected_value float8,
  primary key (run_key, measure_id, years_before, patient_key),
  constraint spread_is_not_negative check (sd >= 0),
  constraint quantiles_ascend check (q05 <= q10 and q10 <= q25 and q25 <= q50 and q50 <= q75 and q75 <= q90 and q90 <= q95),
  constraint all_or_nothing check (num_nulls(mean, sd, q05, q10, q25, q50, q75, q90, q95, expected_value) in (0, 10))
);
comment on table expectation is 'Grain: one per run, outcome, years before the contract (0: the contract year, 1 to 3: placebo years) and patient';
comment on column expectation.partner_no is 'the partner credited on the index date (run_partner)';
comment on column expectation.practice_no is 'the enrolment''s own partner, the cluster (run_partner)';
comment on column expectation.insurer_no is 'the patient''s insurer as known at the run''s as_of (run_insurer), as are birth_year and sex';
comment on column expectation.exposure_days is 'days enrolled from the index date to the end of the period';
comment on column expectation.mean is 'in the measure''s unit, as are sd and the quantiles; null where nothing could be predicted';
comment on column expectation.expected_value is 'E[h(Y)], on the health scale of the outcome: in the unit, higher always better';

create table realisation (
  run_key int not null,
  measure_id smallint not null,
  years_before smallint not null,
  patient_key int not null,
  status assessment_status not null,
  baseline float8,
  realised float8,
  realised_on date,
  realised_value float8,
  gain float8,
  facts float8[] not null,
  primary key (run_key, measure_id, years_before, patient_key),
  constraint realised_exactly_when_measured check ((status = 'measured') = (realised is not null and realised_on is not null))
);
comment on table realisation is 'Grain: one per expectation: what happened after its index date';
comment on column realisation.baseline is 'the last value up to the index date, in the measure''s unit';
comment on column realisation.realised is 'the value nearest to the target date, in the measure''s unit';
comment on column realisation.realised_value is 'h(realised), on the health scale of the outcome';
comment on column realisation.gain is 'realised_value - expected_value: positive is better than was to be expected';
comment on column realisation.facts is 'what was known about the patient for P(measured) and the imputed gain, in the order of the engine';

create table gain (
  run_key int not null,
  measure_id smallint not null,
  years_before smallint not null,
  patient_key int not null,
  measured_probability float8 check (measured_probability between 0 and 1),
  imputed_gain float8,
  contribution float8,
  primary key (run_key, measure_id, years_before, patient_key)
);
comment on table gain is 'Grain: one per realisation of an eligible patient: what it contributes to its partner (A of the method)';
comment on column gain.measured_probability is 'pi, a share';
comment on column gain.imputed_gain is 'm, on the health scale of the outcome, as is contribution; contribution is null where excluded';

create table assessment_cell (
  run_key int not null,
  measure_id smallint not null,
  years_before smallint not null,
  partner_no smallint not null,
  index_year smallint not null,
  age_band smallint not null,
  sex char(1) not null,
  eligible int not null,
  measured int not null,
  expected_sum float8 not null,
  realised_sum float8 not null,
  gain_sum float8 not null,
  contributions int not null,
  contribution_sum float8 not null,
  primary key (run_key, measure_id, years_before, partner_no, index_year, age_band, sex)
);
comment on table assessment_cell is 'Grain: one per run, outcome, year, partner, calendar year of the index date, ten-year age band and sex; for figures, with small cells, so never shown as it is';
comment on column assessment_cell.age_band is 'first year of the band (60: aged 60 to 69 on the index date, by calendar year)';
comment on column assessment_cell.expected_sum is 'sum of expected_value over the measured, on the health scale; as are realised_sum and gain_sum';

create view assessment as
select r.run_id, r.region_id, k.key as measure, e.years_before, e.patient_key, w.patient_id,
  p.partner_id, g.partner_id as practice_id, i.insurer, e.birth_year, e.sex, e.exposure_days, e.index_on, e.target_on, h.status, h.baseline,
  e.mean, e.sd, e.q05, e.q10, e.q25, e.q50, e.q75, e.q90, e.q95,
  h.realised, h.realised_on, e.expected_value, h.realised_value, h.gain, h.facts,
  a.measured_probability, a.imputed_gain, a.contribution, m.model_id
from expectation e
join run r using (run_key)
join measure_key k using (measure_id)
join patient w using (patient_key)
join run_partner p on p.run_id = r.run_id and p.partner_no = e.partner_no
join run_partner g on g.run_id = r.run_id and g.partner_no = e.practice_no
join run_insurer i on i.run_id = r.run_id and i.insurer_no = e.insurer_no
left join run_model m on m.run_id = r.run_id and m.measure = k.key
left join realisation h using (run_key, measure_id, years_before, patient_key)
left join gain a using (run_key, measure_id, years_before, patient_key);
comment on view assessment is 'Grain: one per expectation, with names in place of numbers and with what followed; for reading one patient or partner';

select append_only(t::regclass) from unnest(array['expectation', 'realisation', 'gain', 'assessment_cell']) t;
