-- A settlement never changes, so a page about it can be kept until something else is recorded: a review, a release, a payment, a dispute, a
-- decision on a model, a newer delivery, a key withdrawn. Every transaction that records such a thing is one change, counted as it commits.

create table change_count (
  one boolean primary key default true check (one),
  changes bigint not null
);
comment on table change_count is 'Grain: one row: how many transactions have changed what may be shown, and to whom. No unit.';
insert into change_count (changes) values (0);
alter table change_count enable row level security;
revoke all on change_count from winst_app;

-- Deferred to the commit, so that nobody waits for a long import; once a transaction, however many rows it has.
create function count_change() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  transaction text := pg_current_xact_id()::text;
begin
  if current_setting('winst.change_counted', true) is distinct from transaction then
    update change_count set changes = changes + 1;
    perform set_config('winst.change_counted', transaction, true);
  end if;
  return null;
end $$;

create function changes_what_is_shown(target regclass) returns void language plpgsql as $$
begin
  execute format('create constraint trigger changes_what_is_shown after insert or update or delete on %s
    deferrable initially deferred for each row execute function count_change()', target);
end $$;
comment on function changes_what_is_shown(regclass) is 'From now on a row of this table is a change: what was kept of any page falls with it.';

-- Every table but these: rows of a delivery or a run, which say nothing before the delivery or the settlement that they belong to is recorded in
-- the same or a later transaction; scratch; who asked what, and work under way, which no kept page shows; an answer to a question of research,
-- which is another page before it is there, and afterwards always the same.
select changes_what_is_shown(c.oid::regclass)
  from pg_class c
 where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
   and c.relname !~ '^(superseded_|kysely_|audit|idempoten|job)'
   and c.relname <> all (array['change_count', 'identity_secret', 'measure_key', 'source_file', 'delivery_rejects', 'likely_cause', 'unit_usage',
     'partner', 'patient', 'patient_state', 'enrolment', 'observation', 'condition_episode', 'medication', 'claim', 'quality',
     'panel_shard', 'training_shard', 'handover', 'stage_done', 'run_partner', 'run_insurer',
     'expectation', 'realisation', 'gain', 'assessment_cell',
     'research_cell', 'question', 'answer']);

-- What holds now: whoever has asked this has seen every change that was committed before.
create function standing() returns table (changes bigint, today date) language sql stable security definer set search_path = public, pg_temp as $$
  select c.changes, (now() at time zone 'Europe/Amsterdam')::date from change_count c
$$;
revoke all on function standing() from public;
grant execute on function standing() to winst_entry;
