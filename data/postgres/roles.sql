-- The roles of the schema, for an owner that may not create roles itself. Run once by a superuser, before the first `winst migrate`:
--   psql "$SUPERUSER_URL" -f data/postgres/roles.sql
-- The migrations give each what it may. Logins are made of them, with passwords of your own:
--   create role winst_owner  login password '…';                                          -- migrates; owns the schema
--   create role winst_api    login password '…' in role winst_entry, winst_app, winst_request; -- the API
--   create role winst_worker login bypassrls password '…' in role winst_app;               -- the workers, who settle everybody

do $$
declare
  needed text;
begin
  foreach needed in array array['winst_app', 'winst_request', 'winst_entry'] loop
    if not exists (select from pg_roles where rolname = needed) then
      execute format('create role %I nologin %s', needed, case needed when 'winst_app' then 'bypassrls' else '' end);
    end if;
  end loop;
end $$;
