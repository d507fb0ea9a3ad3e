-- Who asks: keys that belong to a region and a role and end some day, and an identity that a transaction takes on and cannot forge.

-- Roles belong to the server, not to a database: another database of it may have made them already, or be making them now. An owner that may
-- not make them has a superuser run deploy/roles.sh once, before.
do $$
declare
  needed text;
begin
  foreach needed in array array['winst_app', 'winst_request', 'winst_entry'] loop
    -- Whoever may not make a role is refused before it is seen that there is nothing to make.
    continue when exists (select from pg_roles where rolname = needed);
    begin
      -- Workers copy in bulk, which row-level security does not allow, and settle everybody: they see all.
      execute format('create role %I nologin %s', needed, case needed when 'winst_app' then 'bypassrls' else '' end);
    exception
      when duplicate_object or unique_violation then null;
      when insufficient_privilege then
        raise exception 'the role % does not exist and % may not create it: have a superuser run deploy/roles.sh once',
          needed, current_user;
    end;
  end loop;
end $$;

create table access_key (
  key_id text primary key check (key_id ~ '^[0-9a-f]{16}$'),
  token_sha256 text not null unique check (token_sha256 ~ '^[0-9a-f]{64}$'),
  region_id int not null references region,
  role text not null check (role in ('analyst', 'insurer', 'partner', 'researcher', 'auditor', 'administrator')),
  subject text not null check (subject <> '' and subject = btrim(subject)),
  issued_by text not null check (issued_by <> ''),
  issued_at timestamptz not null default now(),
  expires_at timestamptz not null check (expires_at > issued_at),
  constraint insurers_are_uzovi_codes check (role <> 'insurer' or subject ~ '^[0-9]{4}$')
);
comment on table access_key is 'Grain: one per key that was issued; known by its hash only. No unit.';
comment on column access_key.key_id is 'what a key is called where people speak of it: the first 16 digits of its hash';
comment on column access_key.subject is 'an insurer''s UZOVI code, a partner''s id, or the name of a person';

create table access_key_revocation (
  key_id text primary key references access_key,
  revoked_by text not null check (revoked_by <> ''),
  revoked_at timestamptz not null default now()
);
comment on table access_key_revocation is 'Grain: one per key that was withdrawn before its end. No unit.';

-- Tokens of before had no region and no end: where there is one region they are its, for three more months; elsewhere nobody can say whose they are.
insert into access_key (key_id, token_sha256, region_id, role, subject, issued_by, expires_at)
select left(t.token_sha256, 16), t.token_sha256, r.region_id, t.role, coalesce(nullif(btrim(t.subject), ''), 'unnamed'), 'before keys had regions',
       now() + interval '90 days'
  from api_token t cross join region r
 where (select count(*) from region) = 1 and (t.role <> 'insurer' or t.subject ~ '^[0-9]{4}$');
drop table api_token;

select append_only(t::regclass) from unnest(array['access_key', 'access_key_revocation']) t;

-- An identity is sealed with a secret that no role of a request can read, and holds for one transaction of one connection.
create table identity_secret (
  one boolean primary key default true check (one),
  secret text not null
);
comment on table identity_secret is 'Grain: one row: what identities are sealed with. Readable to the owner of the schema alone. No unit.';
insert into identity_secret (secret)
select encode(sha256(convert_to(string_agg(gen_random_uuid()::text, ''), 'UTF8')), 'hex') from generate_series(1, 4);

create type identity as (region_id int, role text, subject text);

create function identity_seal(identity text) returns text language sql stable security definer set search_path = public, pg_temp as $$
  select encode(sha256(convert_to(
    concat_ws(chr(31), s.secret, identity, pg_backend_pid(), extract(epoch from transaction_timestamp()), s.secret), 'UTF8')), 'hex')
    from identity_secret s
$$;

create function enter_request(region int, role text, subject text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  entered text := jsonb_build_array(region, role, subject)::text;
begin
  if region is null or coalesce(role, '') = '' or coalesce(subject, '') = '' then
    raise exception 'a request has a region, a role and a subject' using errcode = 'invalid_parameter_value';
  end if;
  perform set_config('winst.identity', entered, true);
  perform set_config('winst.seal', identity_seal(entered), true);
end $$;
comment on function enter_request is 'Takes on an identity until the transaction ends. For the login of the API, before it sets the role winst_request; never for that role.';

create function current_identity() returns identity
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  entered text := current_setting('winst.identity', true);
begin
  if coalesce(entered, '') = '' or current_setting('winst.seal', true) is distinct from identity_seal(entered) then
    return null;
  end if;
  return row((entered::jsonb ->> 0)::int, entered::jsonb ->> 1, entered::jsonb ->> 2)::identity;
end $$;
comment on function current_identity is 'Who asks in this transaction; null where nobody was let in, or the seal is not ours.';

create function my_region() returns int language sql stable as $$ select (current_identity()).region_id $$;
create function my_role() returns text language sql stable as $$ select coalesce((current_identity()).role, '') $$;
create function my_subject() returns text language sql stable as $$ select coalesce((current_identity()).subject, '') $$;

-- Whose key it is, while it holds.
create function key_owner(hash text) returns table (key_id text, region_id int, region text, role text, subject text)
language sql stable security definer set search_path = public, pg_temp as $$
  select k.key_id, k.region_id, r.name, k.role, k.subject
    from access_key k join region r using (region_id)
   where k.token_sha256 = hash and k.expires_at > now() and not exists (select from access_key_revocation v where v.key_id = k.key_id)
$$;

-- An administrator gives out and withdraws keys of its region; at the command line the owner of the schema does, who needs no function.
create function issue_key(hash text, role text, subject text, days int) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if my_role() <> 'administrator' then
    raise exception 'keys are given out by an administrator of the region' using errcode = 'insufficient_privilege';
  end if;
  insert into access_key (key_id, token_sha256, region_id, role, subject, issued_by, expires_at)
  values (left(hash, 16), hash, my_region(), issue_key.role, issue_key.subject, my_role() || ':' || my_subject(), now() + make_interval(days => days));
  return left(hash, 16);
end $$;

create function revoke_key(key text) returns boolean language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if my_role() <> 'administrator' then
    raise exception 'keys are withdrawn by an administrator of the region' using errcode = 'insufficient_privilege';
  end if;
  if not exists (select from access_key k where k.key_id = key and k.region_id = my_region()) then
    return false;
  end if;
  insert into access_key_revocation (key_id, revoked_by) values (key, my_role() || ':' || my_subject()) on conflict do nothing;
  return true;
end $$;

revoke all on function identity_seal(text), enter_request(int, text, text), key_owner(text), issue_key(text, text, text, int), revoke_key(text)
  from public;
-- winst_entry lets people in, and is for the login of the API alone; once a request runs as winst_request or winst_app, it can no longer.
grant execute on function enter_request(int, text, text), key_owner(text) to winst_entry;
grant execute on function issue_key(text, text, text, int), revoke_key(text) to winst_app;
-- At the command line a worker looks up in whose name it acts: whoever shows a token knows its hash.
grant execute on function key_owner(text) to winst_app;
revoke all on identity_secret from public;
