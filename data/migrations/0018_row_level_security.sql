-- The second line: what a route forgets to refuse, the database refuses. Requests run as winst_request, which owns nothing, bypasses
-- nothing and sees of every table what its identity may see; workers run as winst_app and see all (bulk COPY needs that, and a settlement is of everybody); the owner migrates.

-- A contract is handed in for a region: two regions may use one name, and each sees its own.
create table region_contract (
  region_id int not null references region,
  contract_sha256 text not null references contract,
  contract_id text not null,
  seq bigint generated always as identity unique,
  primary key (region_id, contract_sha256)
);
comment on table region_contract is 'Grain: one per contract that a region was handed; of one name the last counts. No unit.';
create index region_contract_by_id on region_contract (region_id, contract_id, seq desc);
insert into region_contract (region_id, contract_sha256, contract_id)
select r.region_id, c.contract_sha256, c.contract_id
  from contract c
  join (select distinct region_id, contract_sha256 from run) r using (contract_sha256)
 order by c.seq;
-- A contract that nobody has run yet is known to every region, as it was before.
insert into region_contract (region_id, contract_sha256, contract_id)
select r.region_id, c.contract_sha256, c.contract_id
  from contract c cross join region r
 where not exists (select from run where run.contract_sha256 = c.contract_sha256)
 order by c.seq, r.region_id;

-- What each party may know of a settlement, laid down with it: nobody but analysts and auditors reads the whole document.
create table settlement_excerpt (
  settlement_id text not null references settlement,
  role text not null check (role in ('insurer', 'partner', 'researcher')),
  subject text not null,
  document json not null,
  primary key (settlement_id, role, subject),
  constraint researchers_share_one check ((role = 'researcher') = (subject = ''))
);
comment on table settlement_excerpt is 'Grain: one per settlement and party: the settlement as that party may know it. No unit.';
select append_only(t::regclass) from unnest(array['region_contract', 'settlement_excerpt']) t;

create index enrolment_by_patient on enrolment (patient_key);

-- The partner that asks, and the practices that count under it.
create function my_partners() returns text[] language sql stable security definer set search_path = public, pg_temp as $$
  select array_append(array_agg(distinct p.partner_id), my_subject())
    from partner p
   where my_role() = 'partner' and p.region_id = my_region() and p.member_of = my_subject()
$$;

-- The settlements that a party may know of: a partner from the review on, a researcher from the release on, an insurer from the start.
create function my_settlements() returns setof text language sql stable security definer set search_path = public, pg_temp as $$
  select s.settlement_id
    from settlement s
    join settlement_excerpt x using (settlement_id)
   where s.region_id = my_region() and x.role = my_role() and x.subject = case when my_role() = 'researcher' then '' else my_subject() end
     and case my_role()
       when 'insurer' then true
       when 'partner' then exists (select from settlement_event e where e.settlement_id = s.settlement_id and e.state = 'reviewed')
       else exists (select from settlement_event e where e.settlement_id = s.settlement_id and e.state = 'released')
     end
$$;

-- The previews of disputes: a partner its own; an insurer those that were filed about people it insures, by the latest that the region knows.
create function my_previews() returns setof text language sql stable security definer set search_path = public, pg_temp as $$
  select p.preview_id from dispute_preview p
   where p.settlement_id in (select my_settlements())
     and case my_role()
       when 'partner' then p.partner_id = my_subject()
       when 'insurer' then exists (select from dispute d where d.preview_id = p.preview_id) and my_subject() = (
         select s.insurer from patient_state s join delivery d using (delivery_id)
          where s.patient_key = p.patient_key order by d.delivered_on desc, d.delivery_id desc limit 1)
       else false
     end
$$;

create function my_disputed_patients() returns setof int language sql stable security definer set search_path = public, pg_temp as $$
  select p.patient_key from dispute_preview p where p.preview_id in (select my_previews())
$$;

-- Views are read with the rights of whoever asks.
alter view assessment set (security_invoker = true);
alter view settlement_state set (security_invoker = true);

-- One policy a table. `whole` is for analysts and auditors; `party` adds what the others may see of it.
create function regional(target regclass, whole text, party text default 'false') returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('create policy by_identity on %s for select to winst_request using (
    case when (select my_role()) in (''analyst'', ''auditor'') then (%s) else (%s) end)', target, whole, party);
  execute format('grant select on %s to winst_request', target);
end $$;

-- Of no person, no amount and no act: everybody of the region may read them.
select regional(t::regclass, 'region_id = (select my_region())', 'region_id = (select my_region())')
  from unnest(array['region', 'run', 'delivery', 'programme_definition', 'region_contract']) t;
select regional('contract', 'contract_sha256 in (select c.contract_sha256 from region_contract c)',
  'contract_sha256 in (select c.contract_sha256 from region_contract c)');
alter table measure_key enable row level security;
create policy by_identity on measure_key for select to winst_request using (true);
grant select on measure_key to winst_request;

-- Partners by name: not for researchers, who get coded ones.
select regional('partner', 'region_id = (select my_region())',
  'region_id = (select my_region()) and (select my_role()) in (''partner'', ''insurer'', ''administrator'')');
select regional('superseded_partner', 'region_id = (select my_region())',
  'region_id = (select my_region()) and (select my_role()) in (''partner'', ''insurer'', ''administrator'')');

-- Persons: a partner sees those that are or were enrolled with it, an insurer the ids of those whom a dispute before it is about.
select regional('patient', 'region_id = (select my_region())',
  'region_id = (select my_region()) and (patient_key in (select my_disputed_patients()) or (select my_role()) = ''partner'' and exists (
     select from enrolment e where e.patient_key = patient.patient_key and e.partner_id = any ((select my_partners())::text[])))');
select regional('enrolment', 'region_id = (select my_region())',
  'region_id = (select my_region()) and partner_id = any ((select my_partners())::text[])');
select regional(t::regclass, 'region_id = (select my_region())', format(
  'region_id = (select my_region()) and (select my_role()) = ''partner'' and exists (
     select from enrolment e where e.patient_key = %I.patient_key and e.partner_id = any ((select my_partners())::text[]))', t))
  from unnest(array['patient_state', 'observation', 'condition_episode', 'medication', 'superseded_patient_state',
    'superseded_enrolment', 'superseded_observation', 'superseded_condition_episode', 'superseded_medication']) t;
select regional('claim', 'region_id = (select my_region())',
  'region_id = (select my_region()) and partner_id = any ((select my_partners())::text[])');
select regional('superseded_claim', 'region_id = (select my_region())');
select regional('quality', 'region_id = (select my_region())',
  'region_id = (select my_region()) and partner_id = any ((select my_partners())::text[])');
select regional('superseded_quality', 'region_id = (select my_region())',
  'region_id = (select my_region()) and partner_id = any ((select my_partners())::text[])');

-- Deliveries in detail, and what runs keep on the way: panels hold persons, so they are for analysts and auditors of the region alone.
select regional(t::regclass, format('exists (select from delivery d where d.delivery_id = %I.delivery_id)', t))
  from unnest(array['source_file', 'delivery_rejects', 'likely_cause', 'unit_usage']) t;
select regional(t::regclass, 'region_id = (select my_region())') from unnest(array['snapshot', 'panel_shard']) t;
select regional(t::regclass, 'false') from unnest(array['stage_done', 'training_shard', 'handover']) t;

-- Models belong to the regions that have run with them, or were trained for a run of theirs.
select regional('run_model', 'run_id in (select r.run_id from run r)', 'run_id in (select r.run_id from run r)');
select regional(t::regclass, 'model_id in (select m.model_id from run_model m)', 'model_id in (select m.model_id from run_model m)')
  from unnest(array['model_artefact', 'model_validation', 'model_decision']) t;
select regional('drift_month', 'run_id in (select r.run_id from run r)', 'run_id in (select r.run_id from run r) and measured >= 10');
select regional('drift_alarm', 'run_id in (select r.run_id from run r)', 'run_id in (select r.run_id from run r)');

-- Assessments: a partner its own patients. Cells are counts of few people: others get them added up and held back by functions of the owner.
select regional('run_partner', 'run_id in (select r.run_id from run r)',
  'run_id in (select r.run_id from run r) and (select my_role()) in (''partner'', ''insurer'')');
select regional('run_insurer', 'run_id in (select r.run_id from run r)',
  'run_id in (select r.run_id from run r) and ((select my_role()) = ''partner'' or (select my_role()) = ''insurer'' and insurer = (select my_subject()))');
select regional('expectation', 'run_key in (select r.run_key from run r)',
  '(run_key, partner_no) in (select r.run_key, p.partner_no from run r join run_partner p using (run_id) where p.partner_id = any ((select my_partners())::text[]))');
select regional(t::regclass, 'run_key in (select r.run_key from run r)', format(
  'exists (select from expectation e where e.run_key = %1$I.run_key and e.measure_id = %1$I.measure_id
     and e.years_before = %1$I.years_before and e.patient_key = %1$I.patient_key)', t))
  from unnest(array['realisation', 'gain']) t;
select regional('assessment_cell', 'run_key in (select r.run_key from run r)',
  '(run_key, partner_no) in (select r.run_key, p.partner_no from run r join run_partner p using (run_id) where p.partner_id = (select my_subject()) and (select my_role()) = ''partner'')');

-- Settlements: everyone but an administrator sees that one is there if it concerns them; its document only analysts and auditors read.
select regional('settlement_excerpt', 'exists (select from settlement s where s.settlement_id = settlement_excerpt.settlement_id)',
  'role = (select my_role()) and (role = ''researcher'' or subject = (select my_subject()))
   and settlement_id in (select s.settlement_id from settlement s where s.region_id = (select my_region()))');

select regional('settlement', 'region_id = (select my_region())', 'settlement_id in (select my_settlements())');
revoke select on settlement from winst_request;
grant select (settlement_id, run_id, contract_id, region_id, as_of, prepared_by, seq) on settlement to winst_request;

-- settlement.json, byte for byte, for those who may read all of it.
create function settlement_document(id text) returns text language sql stable security definer set search_path = public, pg_temp as $$
  select s.document from settlement s
   where s.settlement_id = id
     and (current_identity() is null or my_role() in ('analyst', 'auditor') and s.region_id = my_region())
$$;
revoke all on function settlement_document(text) from public;

select regional('settlement_event', 'settlement_id in (select s.settlement_id from settlement s)', 'settlement_id in (select s.settlement_id from settlement s)');
select regional('payment', 'region_id = (select my_region())');
select regional('correction', 'settlement_id in (select s.settlement_id from settlement s)', 'settlement_id in (select s.settlement_id from settlement s)');

create function my_payments() returns setof text language sql stable security definer set search_path = public, pg_temp as $$
  select payment_id from payment where region_id = my_region() and my_role() in ('insurer', 'partner')
$$;

-- The book: an insurer and a partner their own lines.
select regional('ledger_entry',
  'settlement_id in (select s.settlement_id from settlement s) or payment_id in (select p.payment_id from payment p)',
  '(settlement_id in (select s.settlement_id from settlement s) or payment_id in (select my_payments()))
   and case (select my_role()) when ''insurer'' then insurer = (select my_subject())
       when ''partner'' then partner_id = (select my_subject()) else false end');

-- Where the book ends, for whoever keeps it to check it later: a place and a hash, no amount.
create function ledger_head() returns table (seq bigint, hash text) language sql stable security definer set search_path = public, pg_temp as $$
  select l.seq, l.hash from ledger_entry l order by l.seq desc limit 1
$$;

-- Disputes.
select regional('dispute_preview', 'settlement_id in (select s.settlement_id from settlement s)', 'preview_id in (select my_previews())');
select regional('dispute_effect', 'preview_id in (select p.preview_id from dispute_preview p)',
  'exists (select from dispute_preview p where p.preview_id = dispute_effect.preview_id and p.partner_id = dispute_effect.partner_id)');
select regional('dispute', 'preview_id in (select p.preview_id from dispute_preview p)', 'preview_id in (select p.preview_id from dispute_preview p)');
select regional('ruling', 'dispute_id in (select d.dispute_id from dispute d)', 'dispute_id in (select d.dispute_id from dispute d)');

-- What changed between two settlements: to a partner its own row.
select regional('settlement_difference', 'to_id in (select s.settlement_id from settlement s)');
create function difference_document(earlier text, later text) returns text
language sql stable security definer set search_path = public, pg_temp as $$
  select case
      when current_identity() is null or my_role() in ('analyst', 'auditor') then d.document
      else (jsonb_set(d.document::jsonb - 'totals', '{partners}', coalesce((
        select jsonb_agg(p) from jsonb_array_elements(d.document::jsonb -> 'partners') p where p ->> 'partner_id' = my_subject()), '[]')))::text
    end
    from settlement_difference d join settlement s on s.settlement_id = d.to_id
   where d.from_id = earlier and d.to_id = later
     and (current_identity() is null or my_role() in ('analyst', 'auditor', 'partner') and s.region_id = my_region())
     and (current_identity() is null or my_role() <> 'partner' or (
       earlier in (select my_settlements()) and later in (select my_settlements())))
$$;
revoke all on function difference_document(text, text) from public;

-- Keys: an administrator those of its region, without what they are known by.
select regional('access_key', 'false', '(select my_role()) = ''administrator'' and region_id = (select my_region())');
revoke select on access_key from winst_request;
grant select (key_id, region_id, role, subject, issued_by, issued_at, expires_at) on access_key to winst_request;
select regional('access_key_revocation', 'false', 'key_id in (select k.key_id from access_key k)');
alter table identity_secret enable row level security;

grant execute on function settlement_document(text), difference_document(text, text) to winst_request, winst_app;

-- Workers add and read; what was delivered, expected, settled and posted they can neither change nor take away, and they cannot switch off
-- the triggers that refuse the same to everybody. They give out no keys and take on no identity.
grant usage on schema public to winst_app, winst_request, winst_entry;
grant select on assessment, settlement_state to winst_request;
grant select, insert on all tables in schema public to winst_app;
grant usage on all sequences in schema public to winst_app;
alter default privileges in schema public grant select, insert on tables to winst_app;
alter default privileges in schema public grant usage on sequences to winst_app;
revoke all on access_key, access_key_revocation, identity_secret from winst_app;
-- Scratch that is made again or handed on, and the markers of parts while they are done: nothing that a cent rests on.
grant update, delete on snapshot, panel_shard, training_shard to winst_app;
grant update on stage_done to winst_app;
grant delete on handover to winst_app;
-- Without REDIS_URL the queue lives in a schema of its own, which the role makes and owns.
do $$ begin
  execute format('grant create, temporary on database %I to winst_app', current_database());
exception when insufficient_privilege then null;
end $$;

drop function regional(regclass, text, text);
