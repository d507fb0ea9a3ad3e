-- The FHIR servers that a region was delivered from: of its analysts and auditors, as deliveries are in detail.
alter table fhir_server enable row level security;
create policy by_identity on fhir_server for select to winst_request using (
  (select my_role()) in ('analyst', 'auditor') and region_id = (select my_region()));
grant select on fhir_server to winst_request;
