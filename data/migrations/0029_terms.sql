-- Terms of several years: a patient has an index date with each partner, a model is trained for each number of years elapsed, and every year
-- of a term is settled, corrected and paid for itself.

alter table expectation add column index_no smallint not null default 1 check (index_no > 0);
alter table expectation add column years_elapsed smallint not null default 0 check (years_elapsed >= 0);
alter table expectation drop constraint expectation_pkey, add primary key (run_key, measure_id, years_before, patient_key, index_no);
alter table realisation add column index_no smallint not null default 1 check (index_no > 0);
alter table realisation drop constraint realisation_pkey, add primary key (run_key, measure_id, years_before, patient_key, index_no);
alter table gain add column index_no smallint not null default 1 check (index_no > 0);
alter table gain drop constraint gain_pkey, add primary key (run_key, measure_id, years_before, patient_key, index_no);
comment on table expectation is 'Grain: one per run, outcome, years before the contract (0: the contract year, 1 to 3: placebo years), patient and index date';
comment on column expectation.index_no is 'which of the patient''s index dates in that year, from 1, in order of day';
comment on column expectation.years_elapsed is 'whole years from the term-year of the index date to the period; 0 without a term. Years.';
comment on column expectation.exposure_days is 'days enrolled from the index date to the end of the period; in a term the days of the period with the partner';

alter table run_model add column years_elapsed smallint not null default 0 check (years_elapsed >= 0);
alter table run_model drop constraint run_model_pkey, add primary key (run_id, measure, years_elapsed);
comment on table run_model is 'Grain: one per run, outcome and years elapsed since the index date: the model that its expectations come from';

alter table training_shard rename column measure to model;
comment on table training_shard is 'Grain: one per run, model and logical shard; scratch, deleted once the model is frozen';
comment on column training_shard.model is 'the measure, and after a full stop the years elapsed where there are any';

drop view assessment;
create view assessment with (security_invoker = true) as
select r.run_id, r.region_id, k.key as measure, e.years_before, e.patient_key, w.patient_id, e.index_no,
  p.partner_id, g.partner_id as practice_id, i.insurer, e.birth_year, e.sex, e.exposure_days, e.index_on, e.target_on, e.years_elapsed,
  h.status, h.baseline, e.mean, e.sd, e.q05, e.q10, e.q25, e.q50, e.q75, e.q90, e.q95,
  h.realised, h.realised_on, e.expected_value, h.realised_value, h.gain, h.facts,
  a.measured_probability, a.imputed_gain, a.contribution, m.model_id
from expectation e
join run r using (run_key)
join measure_key k using (measure_id)
join patient w using (patient_key)
join run_partner p on p.run_id = r.run_id and p.partner_no = e.partner_no
join run_partner g on g.run_id = r.run_id and g.partner_no = e.practice_no
join run_insurer i on i.run_id = r.run_id and i.insurer_no = e.insurer_no
left join run_model m on m.run_id = r.run_id and m.measure = k.key and m.years_elapsed = e.years_elapsed
left join realisation h using (run_key, measure_id, years_before, patient_key, index_no)
left join gain a using (run_key, measure_id, years_before, patient_key, index_no);
comment on view assessment is 'Grain: one per expectation, with names in place of numbers and with what followed; for reading one patient or partner';
grant select on assessment to winst_request;

-- A year of a term is an account of its own: what holds, what is final and what was paid of one year says nothing of another.
alter table settlement add column period_start date;
comment on column settlement.period_start is 'the first day of the year of a term that is settled; null: the contract has one period';
grant select (period_start) on settlement to winst_request;

create or replace function refuse_corrected(subject settlement, becomes text) returns void language plpgsql as $$
begin
  if exists (
    select from settlement newer join settlement_state n using (settlement_id)
     where newer.contract_id = subject.contract_id and newer.region_id = subject.region_id and n.state <> 'rejected'
       and newer.period_start is not distinct from subject.period_start and (newer.as_of, newer.seq) > (subject.as_of, subject.seq)) then
    raise exception 'settlement % is corrected by a later one: it cannot be % any more', subject.settlement_id, becomes
      using errcode = 'check_violation', constraint = 'latest_state_holds';
  end if;
end $$;

create or replace function refuse_provisional(subject settlement) returns void language plpgsql as $$
begin
  if exists (
    select from settlement other join settlement_state o using (settlement_id)
     where other.contract_id = subject.contract_id and other.region_id = subject.region_id and o.finality = 'final'
       and other.period_start is not distinct from subject.period_start) then
    raise exception 'settlement % follows a final one of its contract: it can only be final', subject.settlement_id
      using errcode = 'check_violation', constraint = 'final_stays_final';
  end if;
end $$;
