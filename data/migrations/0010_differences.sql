-- What changed between two settlements of one contract.

create table settlement_difference (
  from_id text not null references settlement,
  to_id text not null references settlement,
  document text not null,
  seq bigint generated always as identity unique,
  primary key (from_id, to_id),
  constraint of_two check (from_id <> to_id)
);
comment on table settlement_difference is 'Grain: one per pair of settlements of one contract and region, the earlier first; follows from their frozen inputs alone';
comment on column settlement_difference.document is 'a Difference (engine/difference.ts) as JSON, EUR cents';
create index settlement_difference_by_later on settlement_difference (to_id);

create function refuse_difference_of_others() returns trigger language plpgsql as $$
begin
  if (select count(distinct (s.contract_id, s.region_id)) from settlement s where s.settlement_id in (new.from_id, new.to_id)) <> 1 then
    raise exception 'settlements % and % are not of one contract and region', new.from_id, new.to_id
      using errcode = 'check_violation', constraint = 'of_one_contract';
  end if;
  return new;
end $$;
create trigger settlement_difference_of_one_contract before insert on settlement_difference
  for each row execute function refuse_difference_of_others();

select append_only('settlement_difference');
