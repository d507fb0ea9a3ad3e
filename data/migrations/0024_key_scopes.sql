-- Keys that may only read, and the region that a token of an identity provider names.

alter table access_key add column scope text not null default 'act' check (scope in ('act', 'read'));
comment on column access_key.scope is 'read: looks and does nothing, whatever its role may; act: all that its role may';
grant select (scope) on access_key to winst_request;

drop function key_owner(text);
create function key_owner(hash text) returns table (key_id text, region_id int, region text, role text, subject text, scope text)
language sql stable security definer set search_path = public, pg_temp as $$
  select k.key_id, k.region_id, r.name, k.role, k.subject, k.scope
    from access_key k join region r using (region_id)
   where k.token_sha256 = hash and k.expires_at > now() and not exists (select from access_key_revocation v where v.key_id = k.key_id)
$$;
comment on function key_owner(text) is 'Whose key it is, while it holds.';

drop function issue_key(text, text, text, int);
create function issue_key(hash text, role text, subject text, days int, scope text default 'act') returns text
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if my_role() <> 'administrator' then
    raise exception 'keys are given out by an administrator of the region' using errcode = 'insufficient_privilege';
  end if;
  if days is null or days not between 1 and 400 then
    raise exception 'a key holds from 1 to 400 days' using errcode = 'check_violation', constraint = 'keys_end';
  end if;
  insert into access_key (key_id, token_sha256, region_id, role, subject, issued_by, expires_at, scope)
  values (left(hash, 16), hash, my_region(), issue_key.role, issue_key.subject, my_role() || ':' || my_subject(),
    now() + make_interval(days => days), issue_key.scope);
  return left(hash, 16);
end $$;
comment on function issue_key(text, text, text, int, text) is 'A key of the administrator''s own region, in the administrator''s name.';

-- A token of an identity provider names a region; whether it is here is all that is told.
create function region_named(name text) returns int language sql stable security definer set search_path = public, pg_temp as $$
  select r.region_id from region r where r.name = region_named.name
$$;

revoke all on function key_owner(text), issue_key(text, text, text, int, text), region_named(text) from public;
grant execute on function key_owner(text), region_named(text) to winst_entry, winst_app;
grant execute on function issue_key(text, text, text, int, text) to winst_app;
