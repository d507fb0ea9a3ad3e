-- Disputes: filed by a partner or by an insurer about people it insures, and decided by the insurers that they concern.

-- Whom a preview concerns is laid down with it: the insurer of the person in the settlement, and by the latest that the region knows.
create function insurers_of_person(settlement text, patient int) returns text[] language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce(array_agg(distinct insurer), array['unknown']) from (
    select n.insurer
      from settlement s join run r using (run_id) join run_insurer n using (run_id)
      join expectation e on e.run_key = r.run_key and e.insurer_no = n.insurer_no and e.patient_key = patient and e.years_before = 0
     where s.settlement_id = settlement
    union
    (select s.insurer from patient_state s join delivery d using (delivery_id)
      where s.patient_key = patient order by d.delivered_on desc, d.delivery_id desc limit 1)) known
   where insurer ~ '^[0-9]{4}$'
$$;
revoke all on function insurers_of_person(text, int) from public;
grant execute on function insurers_of_person(text, int) to winst_app;

alter table dispute_preview add column insurers text[] not null default array['unknown'];
comment on column dispute_preview.insurers is 'the insurers that it concerns; unknown: none that is known, so that an analyst decides';
alter table dispute_preview disable trigger append_only;
update dispute_preview set insurers = insurers_of_person(settlement_id, patient_key);
alter table dispute_preview enable trigger append_only;
create function lay_down_insurers() returns trigger language plpgsql as $$
begin
  new.insurers := insurers_of_person(new.settlement_id, new.patient_key);
  return new;
end $$;
create trigger dispute_preview_concerns before insert on dispute_preview for each row execute function lay_down_insurers();

create table dispute_asked (
  preview_id text not null references dispute_preview,
  asked_by text not null check (asked_by <> ''),
  primary key (preview_id, asked_by)
);
comment on table dispute_asked is 'Grain: one per preview and who asked for it. No unit.';

create table dispute_insurer_effect (
  preview_id text not null references dispute_preview,
  insurer text not null,
  before_cents bigint not null,
  after_cents bigint not null,
  primary key (preview_id, insurer)
);
comment on table dispute_insurer_effect is 'Grain: one per preview and insurer of the settlement: what it pays in all as settled, and as it would be. Unit: EUR cents.';

create table dispute_verdict (
  dispute_id int not null references dispute,
  insurer text not null,
  verdict text not null check (verdict in ('upheld', 'dismissed')),
  reason text not null check (reason <> ''),
  ruled_by text not null check (ruled_by <> ''),
  ruled_on date not null,
  seq bigint generated always as identity unique,
  primary key (dispute_id, insurer)
);
comment on table dispute_verdict is 'Grain: one per dispute and insurer that it concerns: what that insurer holds of it. One dismissed dismisses the dispute; it is upheld when all uphold it. No unit.';
select append_only(t::regclass) from unnest(array['dispute_asked', 'dispute_insurer_effect', 'dispute_verdict']) t;

-- Who decides on a dispute: the insurers that it concerns, but not the one that filed it; an analyst where none is left.
create function deciders(dispute int) returns text[] language sql stable security definer set search_path = public, pg_temp as $$
  select case when others = '{}' then array['unknown'] else others end
    from (select case when signer_role(d.filed_by) = 'insurer' then array_remove(p.insurers, signer_party(d.filed_by)) else p.insurers end as others
            from dispute d join dispute_preview p using (preview_id) where d.dispute_id = dispute) found
$$;

create or replace function refuse_dispute() returns trigger language plpgsql as $$
declare
  released record;
begin
  select st.*, p.partner_id, p.insurers into released from dispute_preview p join settlement_state st using (settlement_id) where p.preview_id = new.preview_id;
  if released.state not in ('released', 'paid') or new.filed_on < no_earlier_than(released.released_on) then
    raise exception 'dispute about settlement %: it was not released by %', released.settlement_id, new.filed_on
      using errcode = 'check_violation', constraint = 'disputes_what_is_released';
  end if;
  if not (signer_role(new.filed_by) = 'partner' and signer_party(new.filed_by) = released.partner_id
       or signer_role(new.filed_by) = 'insurer' and signer_party(new.filed_by) = any (released.insurers)) then
    raise exception 'dispute about settlement %: it is not for % to file', released.settlement_id, new.filed_by
      using errcode = 'check_violation', constraint = 'filed_by_whom_it_concerns';
  end if;
  if not exists (select from dispute_effect e where e.preview_id = new.preview_id) then
    raise exception 'dispute about settlement %: its effect has not been previewed', released.settlement_id
      using errcode = 'check_violation', constraint = 'previewed_before_filed';
  end if;
  return new;
end $$;

create function refuse_verdict() returns trigger language plpgsql as $$
declare
  disputed dispute;
begin
  perform pg_advisory_xact_lock(hashtext('dispute'), new.dispute_id);
  select * into disputed from dispute d where d.dispute_id = new.dispute_id;
  if exists (select from ruling r where r.dispute_id = new.dispute_id) then
    raise exception 'dispute % was ruled on', new.dispute_id using errcode = 'check_violation', constraint = 'ruled_once';
  end if;
  if new.insurer <> all (deciders(new.dispute_id)) or not signs_for(new.ruled_by, new.insurer) then
    raise exception 'dispute % is not for % to decide for %', new.dispute_id, new.ruled_by, new.insurer
      using errcode = 'check_violation', constraint = 'own_share';
  end if;
  if new.ruled_on < no_earlier_than(disputed.filed_on) then
    raise exception 'dispute % was filed on %: a verdict cannot lie before that', new.dispute_id, disputed.filed_on
      using errcode = 'check_violation', constraint = 'days_in_order';
  end if;
  return new;
end $$;
create trigger dispute_verdict_in_order before insert on dispute_verdict for each row execute function refuse_verdict();

create or replace function refuse_ruling() returns trigger language plpgsql as $$
declare
  disputed dispute;
begin
  select * into disputed from dispute d where d.dispute_id = new.dispute_id;
  if new.ruled_by = disputed.filed_by then
    raise exception 'dispute % was filed by %: someone else must rule on it', new.dispute_id, new.ruled_by
      using errcode = 'check_violation', constraint = 'ruled_by_another';
  end if;
  if new.ruled_on < no_earlier_than(disputed.filed_on) then
    raise exception 'dispute % was filed on %: a ruling cannot lie before that', new.dispute_id, disputed.filed_on
      using errcode = 'check_violation', constraint = 'days_in_order';
  end if;
  if not exists (select from dispute_verdict v where v.dispute_id = new.dispute_id and v.verdict = new.verdict and v.ruled_by = new.ruled_by)
     or new.verdict = 'upheld' and exists (
       select from unnest(deciders(new.dispute_id)) decider (insurer) where not exists (
         select from dispute_verdict v where v.dispute_id = new.dispute_id and v.insurer = decider.insurer and v.verdict = 'upheld')) then
    raise exception 'dispute % is not % by every insurer that it concerns', new.dispute_id, new.verdict
      using errcode = 'check_violation', constraint = 'all_agree';
  end if;
  return new;
end $$;

create trigger dated_by_the_database before insert on dispute_verdict for each row execute function refuse_other_day('ruled_on');
create trigger signed_by_the_identity before insert on dispute_verdict for each row execute function refuse_other_signature('ruled_by');
create trigger signed_by_the_identity before insert on dispute_asked for each row execute function refuse_other_signature('asked_by');

-- A party sees the previews that it asked for, and of disputes that were filed those about itself or its insured.
create or replace function my_previews() returns setof text language sql stable security definer set search_path = public, pg_temp as $$
  select p.preview_id from dispute_preview p
   where p.settlement_id in (select my_settlements())
     and case my_role() when 'partner' then p.partner_id = my_subject() when 'insurer' then my_subject() = any (p.insurers) else false end
     and (exists (select from dispute d where d.preview_id = p.preview_id)
       or exists (select from dispute_asked a where a.preview_id = p.preview_id
            and signer_role(a.asked_by) = my_role() and signer_party(a.asked_by) = my_subject())
       or my_role() = 'partner' and not exists (select from dispute_asked a where a.preview_id = p.preview_id))
$$;

-- To how many other partners it would make a difference, to whoever may see the preview: not to whom, nor how much.
create function others_moved(preview text) returns int language sql stable security definer set search_path = public, pg_temp as $$
  select count(*)::int from dispute_effect e join dispute_preview p using (preview_id) join settlement s using (settlement_id)
   where p.preview_id = preview and e.partner_id <> p.partner_id and e.before_cents <> e.after_cents
     and (current_identity() is null or my_role() in ('analyst', 'auditor') and s.region_id = my_region() or preview in (select my_previews()))
$$;

drop policy by_identity on dispute_effect;
create policy by_identity on dispute_effect for select to winst_request using (
  preview_id in (select p.preview_id from dispute_preview p)
  and ((select my_role()) in ('analyst', 'auditor') or (select my_role()) = 'partner' and partner_id = (select my_subject())));
alter table dispute_insurer_effect enable row level security;
create policy by_identity on dispute_insurer_effect for select to winst_request using (
  preview_id in (select p.preview_id from dispute_preview p)
  and ((select my_role()) in ('analyst', 'auditor') or (select my_role()) = 'insurer' and insurer = (select my_subject())));
alter table dispute_asked enable row level security;
create policy by_identity on dispute_asked for select to winst_request using (
  preview_id in (select p.preview_id from dispute_preview p) and (select my_role()) in ('analyst', 'auditor'));
alter table dispute_verdict enable row level security;
create policy by_identity on dispute_verdict for select to winst_request using (dispute_id in (select d.dispute_id from dispute d));
grant select on dispute_insurer_effect, dispute_asked, dispute_verdict to winst_request;
grant select, insert on dispute_insurer_effect, dispute_asked, dispute_verdict to winst_app;
