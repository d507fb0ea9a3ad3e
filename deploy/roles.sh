#!/bin/sh
# Run once by the postgres image, as a superuser, when its volume is empty: the database, the roles of its schema, and a login for each
# process. The migrations give every role what it may; who owns the schema is none of the processes that stay.
set -eu

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
  --set owner_password="$WINST_OWNER_PASSWORD" --set api_password="$WINST_API_PASSWORD" \
  --set worker_password="$WINST_WORKER_PASSWORD" <<'SQL'
select format('create role %I nologin %s', name, attribute) from (values
  ('winst_app', 'bypassrls'), ('winst_request', ''), ('winst_entry', '')) as needed (name, attribute)
where not exists (select from pg_roles where rolname = name) \gexec

-- Migrates, gives out the first keys, and owns the schema.
create role winst_owner login password :'owner_password';
-- Lets people in, and takes on what each may for as long as a request lasts.
create role winst_api login password :'api_password' in role winst_entry, winst_app, winst_request;
-- Imports and settles everybody's data; it adds, and changes nothing that was settled.
create role winst_worker login bypassrls password :'worker_password' in role winst_app;

create database winst owner winst_owner;
revoke connect on database winst from public;
grant connect on database winst to winst_api, winst_worker;
SQL
