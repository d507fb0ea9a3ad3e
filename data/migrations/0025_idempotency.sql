-- A request that is sent again under one key is done once, and answered as it was the first time.

create table idempotency (
  region_id int not null references region,
  role text not null,
  subject text not null,
  key text not null check (key ~ '^[!-~]{1,200}$'),
  request_sha256 text not null check (request_sha256 ~ '^[0-9a-f]{64}$'),
  attempt text not null,
  begun_at timestamptz not null default clock_timestamp(),
  acted boolean not null default false,
  status smallint check (status between 200 and 399),
  headers jsonb,
  body bytea,
  primary key (region_id, role, subject, key),
  constraint answered_as_a_whole check ((status is null) = (headers is null))
);
comment on table idempotency is 'Grain: one per key of whoever asked, for a day; scratch, nothing that a cent rests on. No unit.';
comment on column idempotency.request_sha256 is 'hash of method, address and body: the same key says the same thing or is refused';
comment on column idempotency.attempt is 'who is at it: another may take over when a minute has passed without an answer';
comment on column idempotency.acted is 'set in the transaction of the act itself: whoever finds it set must not act again';
comment on column idempotency.body is 'the answer, byte for byte; null where it holds a secret, or there is none yet';
create index idempotency_by_age on idempotency (begun_at);

-- Only the transaction that an identity was let into touches the keys of that identity. Requests have no rights on the table.
alter table idempotency enable row level security;
grant select, insert, update, delete on idempotency to winst_app;
