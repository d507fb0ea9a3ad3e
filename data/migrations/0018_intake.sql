-- Credits beside the claims that they name, and what was told of rows that were kept.

-- A claim of a negative quantity credits the claim of the same id: both stand, and their amounts add up.
alter table claim drop constraint claim_quantity_check;
alter table claim add constraint claim_quantity_check check (quantity > '-Infinity' and quantity < 'Infinity');
alter table claim add column is_credit boolean not null generated always as (quantity < 0) stored;
alter table claim drop constraint claim_pkey;
alter table claim add primary key (region_id, claim_id, is_credit, delivery_id);
comment on column claim.is_credit is 'A credit of the claim of the same id; its amount is negative, in euro cents';

alter table superseded_claim add column is_credit boolean not null default false;
alter table superseded_claim drop constraint superseded_claim_pkey;
alter table superseded_claim add primary key (region_id, claim_id, is_credit, delivery_id);

create or replace function claim_known(region int, as_of date) returns setof claim language sql stable as $$
  select fact.* from claim fact
  where fact.region_id = region and fact.delivery_id = any ((select deliveries_known(region, as_of))::int[])
    and not exists (
      select from superseded_claim s
      where s.region_id = fact.region_id and s.claim_id = fact.claim_id and s.is_credit = fact.is_credit
        and s.delivery_id = fact.delivery_id
        and s.by_delivery_id = any ((select deliveries_known(region, as_of))::int[]))
$$;

alter table delivery_rejects add column warnings_gzip bytea;
comment on column delivery_rejects.warnings_gzip is
  'The bytes of its warnings.csv, gzipped; null: of a delivery from before there was one';

create table fhir_server (
  region_id int not null references region,
  delivery_id int not null references delivery deferrable initially deferred,
  server text not null check (server <> ''),
  primary key (region_id, server)
);
comment on table fhir_server is
  'Grain: one FHIR server that a region was delivered from, with the delivery that brought it. The ids of the first stand as they are, those of others with their server. No unit.';
select append_only('fhir_server'::regclass);
