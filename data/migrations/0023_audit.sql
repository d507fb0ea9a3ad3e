-- Who did and looked at what (NEN 7513): every request and every look at a patient, chained per region so that what is taken out or changed shows.

create table audit_event (
  audit_id bigint generated always as identity unique,
  chain int not null check (chain >= 0),
  seq bigint not null check (seq >= 1),
  region_id int references region,
  at timestamptz not null,
  event text not null check (event in ('look', 'search', 'read', 'act', 'sign_in', 'lost')),
  access_point text not null check (access_point <> ''),
  role text not null,
  who text not null,
  on_behalf_of text,
  credential text not null,
  purpose text not null check (purpose in ('settlement', 'dispute', 'research', 'oversight', 'care', 'administration')),
  outcome text not null check (outcome in ('allowed', 'refused', 'failed')),
  code text check ((outcome = 'allowed') = (code is null)),
  object jsonb not null,
  patients text[] not null,
  everybody int check (everybody >= 0),
  times int not null check (times >= 1),
  previous_hash text not null check (previous_hash ~ '^[0-9a-f]{64}$'),
  hash text not null unique check (hash ~ '^[0-9a-f]{64}$'),
  primary key (chain, seq),
  constraint chains_are_regions check (chain = coalesce(region_id, 0))
);
comment on table audit_event is 'Grain: one per event: a request, or a command that looked at patients. Unit of times: equal events within one second, counted together where nobody was let in; else 1.';
comment on column audit_event.chain is 'the region; 0: nobody was let in, so that no region is known';
comment on column audit_event.event is 'look: patients were shown or asked for; search: a list or a query; read, act, sign_in; lost: events that could not be kept while the database was away';
comment on column audit_event.access_point is 'verb and template of the route, or the command: never a path with an id in it';
comment on column audit_event.who is 'the person, as its credential names it; blank: nobody';
comment on column audit_event.on_behalf_of is 'the insurer or partner in whose name it was done; null: in the person''s own';
comment on column audit_event.credential is 'the key (its id), the issuer of the token, or the command line';
comment on column audit_event.code is 'why it was refused, or that it failed';
comment on column audit_event.object is 'what was named: settlement, partner, contract and the like';
comment on column audit_event.patients is 'pseudonyms of the patients that the answer shows, or that were asked for';
comment on column audit_event.everybody is 'how many patients, where all of the settlement or region were read at once; null: only those of patients';

create index audit_event_by_patient on audit_event using gin (patients);
create index audit_event_by_region on audit_event (region_id, audit_id desc);
select append_only('audit_event'::regclass);

-- What the hash of an event is made of: everything that it says, its place, and the hash before it.
create function audit_hash(e audit_event) returns text language sql immutable as $$
  select encode(sha256(convert_to(jsonb_build_array(e.previous_hash, e.chain, e.seq, extract(epoch from e.at)::text, e.event, e.access_point,
    e.role, e.who, e.on_behalf_of, e.credential, e.purpose, e.outcome, e.code, e.object, to_jsonb(e.patients), e.everybody, e.times)::text, 'UTF8')), 'hex')
$$;
comment on function audit_hash(audit_event) is 'SHA-256 over the JSON of an event with the hash before it.';

-- Appends events in their order, each to the chain of its region, at the time of the database less how long it waited.
create function append_audit(events jsonb) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare
  event record;
  e audit_event;
  heads jsonb := '{}';
  head jsonb;
begin
  -- In one order, so that two writers never wait for each other.
  perform pg_advisory_xact_lock(hashtext('audit'), chain)
     from (select distinct coalesce((x ->> 'region_id')::int, 0) as chain from jsonb_array_elements(events) x order by 1) chains;
  for event in
    select * from jsonb_to_recordset(events) x (region_id int, waited_ms float8, event text, access_point text, role text, who text, on_behalf_of text,
      credential text, purpose text, outcome text, code text, object jsonb, patients text[], everybody int, times int)
  loop
    e.chain := coalesce(event.region_id, 0);
    head := heads -> e.chain::text;
    if head is null then
      select jsonb_build_array(a.seq, a.hash) into head from audit_event a where a.chain = e.chain order by a.seq desc limit 1;
    end if;
    e.seq := coalesce((head ->> 0)::bigint, 0) + 1;
    e.previous_hash := coalesce(head ->> 1, repeat('0', 64));
    e.region_id := event.region_id;
    e.at := clock_timestamp() - make_interval(secs => event.waited_ms / 1000);
    e.event := event.event;
    e.access_point := event.access_point;
    e.role := event.role;
    e.who := event.who;
    e.on_behalf_of := event.on_behalf_of;
    e.credential := event.credential;
    e.purpose := event.purpose;
    e.outcome := event.outcome;
    e.code := event.code;
    e.object := event.object;
    e.patients := event.patients;
    e.everybody := event.everybody;
    e.times := event.times;
    e.hash := audit_hash(e);
    insert into audit_event (chain, seq, region_id, at, event, access_point, role, who, on_behalf_of, credential, purpose, outcome, code, object,
        patients, everybody, times, previous_hash, hash)
    values (e.chain, e.seq, e.region_id, e.at, e.event, e.access_point, e.role, e.who, e.on_behalf_of, e.credential, e.purpose, e.outcome, e.code,
        e.object, e.patients, e.everybody, e.times, e.previous_hash, e.hash);
    heads := jsonb_set(heads, array[e.chain::text], jsonb_build_array(e.seq, e.hash));
  end loop;
end $$;
comment on function append_audit(jsonb) is 'The one way into audit_event: in order, chained, at the clock of the database.';

-- The first event of a chain that is not as it was appended, and what is wrong; none: the chain holds.
create function broken_audit() returns table (chain int, seq bigint, fault text)
language sql stable security definer set search_path = public, pg_temp as $$
  select distinct on (c.chain) c.chain, c.seq,
      case when c.seq <> c.place then 'events are missing before it'
           when c.previous_hash <> c.before then 'it does not follow on the event before it'
           else 'it is not what was appended' end
    from (select a.chain, a.seq, a.previous_hash, a.hash, audit_hash(a) as content, row_number() over w as place,
            lag(a.hash, 1, repeat('0', 64)) over w as before
            from audit_event a window w as (partition by a.chain order by a.seq)) c
   where c.seq <> c.place or c.previous_hash <> c.before or c.hash <> c.content
   order by c.chain, c.seq
$$;

-- Where each chain ends, for whoever keeps it to check later that nothing was taken off the end.
create function audit_heads() returns table (chain int, region text, seq bigint, hash text)
language sql stable security definer set search_path = public, pg_temp as $$
  select distinct on (a.chain) a.chain, r.name, a.seq, a.hash
    from audit_event a left join region r using (region_id)
   where current_identity() is null or my_role() = 'auditor' and a.region_id = my_region()
   order by a.chain, a.seq desc
$$;

-- Whether the log still holds an event of that place and hash, kept elsewhere.
create function audit_holds(place bigint, kept text) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select from audit_event a where a.seq = place and a.hash = kept and audit_hash(a) = kept)
$$;

-- An auditor reads that of its region, and where somebody without a token tried; nobody else reads any of it.
alter table audit_event enable row level security;
create policy by_identity on audit_event for select to winst_request using (
  (select my_role()) = 'auditor' and (region_id is null or region_id = (select my_region())));
grant select on audit_event to winst_request;
revoke all on audit_event from winst_app;
revoke all on function append_audit(jsonb), broken_audit(), audit_heads(), audit_holds(bigint, text) from public;
-- The login of the API writes for whom it let in, a worker and the command line for themselves; a request cannot.
grant execute on function append_audit(jsonb) to winst_entry, winst_app;
grant execute on function broken_audit(), audit_heads(), audit_holds(bigint, text) to winst_app;
grant execute on function audit_heads() to winst_request;
