-- The registry: who decided what about a model, and what its calibration did after training.

-- Decisions and alarms count on one sequence, so that it is known which alarms lay on the table when somebody decided.
create sequence registry_seq;

create table model_validation (
  model_id text primary key references model_artefact,
  learned_until date not null,
  holds boolean not null
);
comment on table model_validation is 'Grain: one per model that was judged at the end of its training; the figures are on its card';
comment on column model_validation.learned_until is 'the last day of the reference period: nothing later was learned from';
comment on column model_validation.holds is 'it beats the floors, and no check speaks against it';

create table model_decision (
  model_id text not null references model_artefact,
  seq bigint not null default nextval('registry_seq') unique,
  state text not null check (state in ('draft', 'validated', 'payable', 'retired')),
  decided_by text not null check (decided_by <> '' and decided_by = btrim(decided_by)),
  decided_on date not null,
  reason text not null check (reason <> ''),
  primary key (model_id, seq)
);
comment on table model_decision is 'Grain: one per decision about a model: the state it brings, by whom, on which day and why; the highest seq holds';
comment on column model_decision.decided_on is 'as the decider dates it: no clock is read';

create table drift_month (
  run_id text not null references run,
  measure text not null,
  side text not null check (side in ('control', 'contract')),
  month date not null check (extract(day from month) = 1),
  measured int not null check (measured > 0),
  bias float8 not null,
  bias_sd float8 not null,
  bias_sd_se float8,
  slope float8,
  slope_se float8,
  evidence float8,
  primary key (run_id, measure, side, month)
);
comment on table drift_month is 'Grain: one per run, outcome, side of the contract and month of realisation; has months of few people, so never shown as it is';
comment on column drift_month.bias is 'mean of realised - expected, in the measure''s unit';
comment on column drift_month.bias_sd is 'the same in predictive standard deviations; bias_sd_se is its standard error, null where there are too few';
comment on column drift_month.slope is 'of realised on expected; slope_se is its standard error';
comment on column drift_month.evidence is 'the detector after this month; null where it did not look';

create table drift_alarm (
  run_id text not null references run,
  measure text not null,
  seq bigint not null default nextval('registry_seq') unique,
  month date not null,
  kind text not null check (kind in ('bias', 'slope')),
  evidence float8 not null,
  primary key (run_id, measure)
);
comment on table drift_alarm is 'Grain: one per run and outcome whose calibration among the controls has drifted: the month in which the detector passed its threshold';

-- What was frozen before there was a registry is a draft: nobody judged it.
insert into model_decision (model_id, state, decided_by, decided_on, reason)
select m.model_id, 'draft', 'winst', coalesce(min(r.as_of), date '2025-01-01'), 'trained before there was a registry'
  from model_artefact m left join run_model l using (model_id) left join run r using (run_id)
 group by m.model_id;
insert into model_decision (model_id, state, decided_by, decided_on, reason)
select d.model_id, 'retired', 'winst', d.decided_on, 'retired before there was a registry'
  from model_decision d
 where (select s.state from model_state s where s.model_id = d.model_id order by s.seq desc limit 1) = 'retired';
drop table model_state;

create function refuse_model_decision() returns trigger language plpgsql as $$
declare
  last record;
  open text[];
begin
  perform pg_advisory_xact_lock(hashtext('model_decision'), hashtext(new.model_id)); -- a model has one history
  select d.state, d.decided_on into last from model_decision d where d.model_id = new.model_id order by d.seq desc limit 1;
  open := case coalesce(last.state, '')
    when '' then '{draft}' when 'draft' then '{validated,retired}' when 'retired' then '{}' else '{payable,retired}' end::text[];
  if new.state <> all (open) then
    raise exception 'model % is %: it cannot become %', new.model_id, coalesce(last.state, 'not registered'), new.state
      using errcode = 'check_violation', constraint = 'model_states_in_order';
  end if;
  if new.decided_on < last.decided_on then
    raise exception 'model % was decided on last on %: a decision cannot be dated %', new.model_id, last.decided_on, new.decided_on
      using errcode = 'check_violation', constraint = 'model_decisions_in_time';
  end if;
  if new.state = 'validated' and not exists (select from model_validation v where v.model_id = new.model_id and v.holds) then
    raise exception 'model % has not passed its checks: it cannot become validated', new.model_id
      using errcode = 'check_violation', constraint = 'model_checks_hold';
  end if;
  if new.state = 'payable' and exists (
    select from model_decision d where d.model_id = new.model_id and d.state = 'draft' and lower(d.decided_by) = lower(new.decided_by)) then
    raise exception 'model % was prepared by %: someone else must make it payable', new.model_id, new.decided_by
      using errcode = 'check_violation', constraint = 'model_payable_by_another';
  end if;
  return new;
end $$;
create trigger model_decision_in_order before insert on model_decision for each row execute function refuse_model_decision();

select append_only(t::regclass) from unnest(array['model_validation', 'model_decision', 'drift_month', 'drift_alarm']) t;
