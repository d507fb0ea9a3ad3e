-- The role under which API and workers may run: it adds and reads; what was delivered, expected, settled and posted it can neither
-- change nor take away, and it cannot switch off the triggers that refuse the same to everybody.
--
-- Run by the owner of the schema after `winst migrate`, and again after every later one:   psql "$DATABASE_URL" -f data/application-role.sql
-- Then give the role to a login:   create role winst_login login password '…' in role winst_app;   and name that login in DATABASE_URL.

do $$ begin
  if not exists (select from pg_roles where rolname = 'winst_app') then
    create role winst_app nologin;
  end if;
end $$;

grant usage on schema public to winst_app;
grant select, insert on all tables in schema public to winst_app;
grant usage on all sequences in schema public to winst_app;

-- Scratch that is made again or handed on, the markers of parts while they are done, and tokens that are withdrawn: nothing that a cent rests on.
grant update, delete on snapshot, panel_shard, training_shard to winst_app;
grant update on stage_done to winst_app;
grant delete on api_token, handover to winst_app;

-- Without REDIS_URL the queue lives in a schema of its own, which the role makes and owns.
do $$ begin
  execute format('grant create, temporary on database %I to winst_app', current_database());
end $$;
