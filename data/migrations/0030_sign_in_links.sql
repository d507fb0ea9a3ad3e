-- Links that let somebody in once, in place of a key that is typed: given out at the command line, each exchanged for a key of a day.

create table sign_in_link (
  code_sha256 text primary key check (code_sha256 ~ '^[0-9a-f]{64}$'),
  region_id int not null references region,
  role text not null check (role in ('analyst', 'insurer', 'partner', 'researcher', 'auditor', 'administrator')),
  subject text not null check (subject <> '' and subject = btrim(subject)),
  scope text not null default 'act' check (scope in ('act', 'read')),
  issued_by text not null check (issued_by <> ''),
  issued_at timestamptz not null default now(),
  expires_at timestamptz not null check (expires_at > issued_at),
  constraint insurers_are_uzovi_codes check (role <> 'insurer' or subject ~ '^[0-9]{4}$')
);
comment on table sign_in_link is 'Grain: one per link that was given out; its code is known by its hash only. No unit.';
comment on column sign_in_link.expires_at is 'unused, it lets nobody in from then on';

create table sign_in_link_use (
  code_sha256 text primary key references sign_in_link,
  key_id text not null unique references access_key,
  used_at timestamptz not null default now()
);
comment on table sign_in_link_use is 'Grain: one per link that was used, with the key that it was exchanged for: a link is used once. No unit.';

select append_only(t::regclass) from unnest(array['sign_in_link', 'sign_in_link_use']) t;
alter table sign_in_link enable row level security;
alter table sign_in_link_use enable row level security;
revoke all on sign_in_link, sign_in_link_use from public, winst_app, winst_request;

-- In one transaction: of two who use a link at once the second waits for the first, and is then let in by nothing.
create function use_sign_in_link(code_hash text, token_hash text) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  link sign_in_link;
begin
  perform pg_advisory_xact_lock(hashtext('sign_in_link'), hashtext(code_hash));
  select * into link from sign_in_link l
   where l.code_sha256 = code_hash and l.expires_at > now() and not exists (select from sign_in_link_use u where u.code_sha256 = code_hash);
  if not found then
    return false;
  end if;
  insert into access_key (key_id, token_sha256, region_id, role, subject, issued_by, expires_at, scope)
  values (left(token_hash, 16), token_hash, link.region_id, link.role, link.subject, link.issued_by, now() + interval '1 day', link.scope);
  insert into sign_in_link_use (code_sha256, key_id) values (code_hash, left(token_hash, 16));
  return true;
end $$;
comment on function use_sign_in_link(text, text) is 'Exchanges the code of a link that was not used, by its hash, for a key of a day, by the hash of its token.';
revoke all on function use_sign_in_link(text, text) from public;
grant execute on function use_sign_in_link(text, text) to winst_entry;
