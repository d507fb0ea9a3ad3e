-- What each control does to every payment: kept with the settlement, since only its patients can tell.
create table control_effect (
  settlement_id text not null references settlement,
  control_id text not null,
  partner_id text not null,
  payment_cents bigint not null,
  primary key (settlement_id, control_id, partner_id)
);
comment on table control_effect is 'Grain: one per settlement, control partner left out of the trend, and partner of the contract';
comment on column control_effect.payment_cents is 'the payment of the partner without that control, in cents';
select append_only('control_effect'::regclass);
grant select, insert on control_effect to winst_app;

-- Analysts and auditors see those of their region's settlements; a partner what the controls do to its own payment.
alter table control_effect enable row level security;
create policy by_identity on control_effect for select to winst_request using (
  case when (select my_role()) in ('analyst', 'auditor') then settlement_id in (select s.settlement_id from settlement s)
       when (select my_role()) = 'partner' then settlement_id in (select my_settlements()) and partner_id = (select my_subject())
       else false end);
grant select on control_effect to winst_request;
