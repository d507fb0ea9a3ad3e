-- Events are appended a batch at a time, in one statement: thousands of requests a second leave the database room for something else.

-- One link of a chain: the hash of an event, of the hash before it and what it says.
create function audit_link(before text, head text, content text) returns text language sql immutable as $$
  select encode(sha256(convert_to('["' || coalesce(before, head) || '", ' || substr(content, 2), 'UTF8')), 'hex')
$$;
comment on function audit_link is 'The same as audit_hash, for an event whose content is at hand as the JSON array of all but the hash before it.';
create aggregate audit_chain(head text, content text) (sfunc = audit_link, stype = text);

create or replace function append_audit(events jsonb) returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  -- In one order, so that two writers never wait for each other.
  perform pg_advisory_xact_lock(hashtext('audit'), chain)
     from (select distinct coalesce((x ->> 'region_id')::int, 0) as chain from jsonb_array_elements(events) x order by 1) chains;
  insert into audit_event (chain, seq, region_id, at, event, access_point, role, who, on_behalf_of, credential, purpose, outcome, code, object,
      patients, everybody, times, previous_hash, hash)
  with said as materialized (
    select x.*, coalesce(x.region_id, 0) as chain, clock_timestamp() - make_interval(secs => x.waited_ms / 1000) as at
      from rows from (jsonb_to_recordset(events) as (region_id int, waited_ms float8, event text, access_point text, role text, who text,
        on_behalf_of text, credential text, purpose text, outcome text, code text, object jsonb, patients text[], everybody int, times int))
        with ordinality x (region_id, waited_ms, event, access_point, role, who, on_behalf_of, credential, purpose, outcome, code, object, patients,
          everybody, times, place)
  ), heads as materialized (
    select c.chain, coalesce(h.seq, 0) as seq, coalesce(h.hash, repeat('0', 64)) as hash
      from (select distinct s.chain from said s) c
      left join lateral (select a.seq, a.hash from audit_event a where a.chain = c.chain order by a.seq desc limit 1) h on true
  ), placed as materialized (
    select s.*, h.hash as head, h.seq + row_number() over (partition by s.chain order by s.place) as seq
      from said s join heads h using (chain)
  ), linked as (
    select p.*, audit_chain(p.head, jsonb_build_array(p.chain, p.seq, extract(epoch from p.at)::text, p.event, p.access_point, p.role, p.who,
        p.on_behalf_of, p.credential, p.purpose, p.outcome, p.code, p.object, to_jsonb(p.patients), p.everybody, p.times)::text)
        over (partition by p.chain order by p.place) as hash
      from placed p
  )
  select l.chain, l.seq, l.region_id, l.at, l.event, l.access_point, l.role, l.who, l.on_behalf_of, l.credential, l.purpose, l.outcome, l.code,
      l.object, l.patients, l.everybody, l.times, lag(l.hash, 1, l.head) over (partition by l.chain order by l.place), l.hash
    from linked l
   order by l.place;
end $$;

-- What no question is asked by costs every event.
alter table audit_event drop constraint audit_event_hash_key;
drop index audit_event_by_patient;
create index audit_event_by_patient on audit_event using gin (patients) where patients <> '{}';

comment on table audit_event is
  'Grain: one per event: a request, or a command that looked at patients; equal ones of the same person within half a second are one, but never looks. Unit of times: how often.';
