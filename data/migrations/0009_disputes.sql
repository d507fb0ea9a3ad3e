-- Disputes about released settlements: what would change, the dispute that was filed, the ruling on it, the correction it led to.

create table dispute_preview (
  preview_id text primary key check (preview_id ~ '^[0-9a-f]{64}$'),
  settlement_id text not null references settlement,
  partner_id text not null,
  patient_key int not null references patient,
  kind text not null check (kind in ('not_our_patient', 'value_wrong')),
  measure_id smallint references measure_key,
  observed_on date,
  value float8 check (value > '-Infinity' and value < 'Infinity'),
  seq bigint generated always as identity unique,
  constraint names_a_reading check ((kind = 'value_wrong') = (measure_id is not null) and (kind = 'value_wrong') = (observed_on is not null)
    and (kind = 'value_wrong' or value is null))
);
comment on table dispute_preview is 'Grain: one per fact that a partner holds wrong in a settlement, by content hash, before anything is filed. Unit of value: that of the measure; null: there was no reading.';

create table dispute_effect (
  preview_id text not null references dispute_preview,
  partner_id text not null,
  before_cents bigint not null,
  after_cents bigint not null,
  primary key (preview_id, partner_id)
);
comment on table dispute_effect is 'Grain: one per preview and partner of the settlement: its payment as settled, and as it would be. Unit: EUR cents.';

create table dispute (
  dispute_id int generated always as identity primary key,
  preview_id text not null unique references dispute_preview,
  evidence text not null check (evidence <> ''),
  filed_by text not null check (filed_by <> ''),
  filed_on date not null,
  deadline_on date not null,
  constraint filed_in_time check (filed_on <= deadline_on)
);
comment on table dispute is 'Grain: one per dispute that was filed; an open one has no ruling. No unit.';
comment on column dispute.deadline_on is 'the last day on which it could be filed';

create table ruling (
  dispute_id int primary key references dispute,
  verdict text not null check (verdict in ('upheld', 'dismissed')),
  reason text not null check (reason <> ''),
  ruled_by text not null check (ruled_by <> '' and ruled_by not like 'partner:%'),
  ruled_on date not null,
  delivery_id int unique references delivery,
  seq bigint generated always as identity unique,
  constraint upheld_becomes_fact check ((verdict = 'upheld') = (delivery_id is not null))
);
comment on table ruling is 'Grain: one per dispute that was ruled on. No unit.';
comment on column ruling.delivery_id is 'the delivery, known from ruled_on, by which an upheld dispute became a fact';

create table correction (
  settlement_id text primary key references settlement,
  corrects text not null references settlement,
  cause text not null check (cause in ('late_data', 'ruling', 'defect')),
  dispute_id int references dispute,
  note text not null,
  constraint cause_is_named check ((cause = 'ruling') = (dispute_id is not null) and (cause = 'ruling' or note <> ''))
);
comment on table correction is 'Grain: one per settlement that corrects another with the frozen models of that other, and why. No unit.';

create function refuse_dispute() returns trigger language plpgsql as $$
declare
  released record;
begin
  select st.* into released from dispute_preview p join settlement_state st using (settlement_id) where p.preview_id = new.preview_id;
  if released.state not in ('released', 'paid') or new.filed_on < released.released_on then
    raise exception 'dispute about settlement %: it was not released by %', released.settlement_id, new.filed_on
      using errcode = 'check_violation', constraint = 'disputes_what_is_released';
  end if;
  if not exists (select from dispute_effect e where e.preview_id = new.preview_id) then
    raise exception 'dispute about settlement %: its effect has not been previewed', released.settlement_id
      using errcode = 'check_violation', constraint = 'previewed_before_filed';
  end if;
  return new;
end $$;
create trigger dispute_in_order before insert on dispute for each row execute function refuse_dispute();

create function refuse_ruling() returns trigger language plpgsql as $$
declare
  disputed dispute;
begin
  select * into disputed from dispute d where d.dispute_id = new.dispute_id;
  if new.ruled_by = disputed.filed_by then
    raise exception 'dispute % was filed by %: someone else must rule on it', new.dispute_id, new.ruled_by
      using errcode = 'check_violation', constraint = 'ruled_by_another';
  end if;
  if new.ruled_on < disputed.filed_on then
    raise exception 'dispute % was filed on %: a ruling cannot lie before that', new.dispute_id, disputed.filed_on
      using errcode = 'check_violation', constraint = 'days_in_order';
  end if;
  return new;
end $$;
create trigger ruling_in_order before insert on ruling for each row execute function refuse_ruling();

select append_only(t::regclass) from unnest(array['dispute_preview', 'dispute_effect', 'dispute', 'ruling', 'correction']) t;
