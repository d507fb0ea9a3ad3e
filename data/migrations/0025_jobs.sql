-- What was asked for that takes longer than an answer may: by whom, and who called it off. How far it is, the queue knows.

create table job (
  job_id text primary key check (job_id ~ '^[0-9a-f]{64}$'),
  region_id int not null references region,
  kind text not null check (kind in ('settle', 'train', 'correct', 'preview', 'difference', 'import')),
  about jsonb not null,
  seq bigint generated always as identity unique
);
comment on table job is 'Grain: one per job, whose id is made from all that goes in. No unit.';
comment on column job.about is 'what it is about, by id: contract, day, settlements, delivery';

create table job_event (
  seq bigint generated always as identity primary key,
  job_id text not null references job,
  event text not null check (event in ('requested', 'cancelled')),
  acted_by text not null check (acted_by <> ''),
  acted_at timestamptz not null default clock_timestamp()
);
comment on table job_event is 'Grain: one per time that a job was asked for or called off. No unit.';
create index job_event_by_job on job_event (job_id, seq desc);

select append_only(t::regclass) from unnest(array['job', 'job_event']) t;
create trigger signed_by_the_identity before insert on job_event for each row execute function refuse_other_signature('acted_by');

-- Analysts and auditors see the jobs of their region, everybody else those that they asked for.
create function my_jobs() returns setof text language sql stable security definer set search_path = public, pg_temp as $$
  select j.job_id from job j
   where j.region_id = my_region() and (my_role() in ('analyst', 'auditor') or exists (
     select from job_event e where e.job_id = j.job_id and e.event = 'requested' and e.acted_by = my_role() || ':' || my_subject()))
$$;
alter table job enable row level security;
create policy by_identity on job for select to winst_request using (job_id in (select my_jobs()));
alter table job_event enable row level security;
create policy by_identity on job_event for select to winst_request using (job_id in (select my_jobs()));
grant select on job, job_event to winst_request;
grant select, insert on job, job_event to winst_app;

-- Lists of patients and of what was expected of them go by the id that their readers know, and begin anywhere in it.
create index patient_in_order on patient (region_id, patient_id collate "C");
