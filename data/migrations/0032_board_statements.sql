-- Statements that a partner shows its board: a document behind a link that expires, which opens nothing else.

create table board_statement (
  code_sha256 text primary key check (code_sha256 ~ '^[0-9a-f]{64}$'),
  region_id int not null references region,
  settlement_id text not null references settlement,
  partner_id text not null,
  pdf bytea not null check (length(pdf) between 1 and 5000000),
  made_by text not null,
  made_at timestamptz not null default now(),
  expires_at timestamptz not null,
  constraint links_to_a_board_end check (expires_at > made_at and expires_at <= made_at + interval '30 days')
);
comment on table board_statement is 'Grain: one per link to a board, known by the hash of its code only, with the document as it was when the link was made. No unit.';
comment on column board_statement.expires_at is 'it opens nothing from then on; 30 days after it was made at the latest';

select append_only('board_statement'::regclass);
alter table board_statement enable row level security;
revoke all on board_statement from public, winst_app, winst_request;

-- A request writes nothing by itself: the partner's act runs as a worker, signed by its identity, and this looks who that is.
create function keep_board_statement(hash text, settlement text, days int, pdf bytea) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if my_role() is distinct from 'partner' or not exists (select from my_settlements() s where s = settlement) then
    raise exception 'a link for a board is made by a partner, of a settlement that it may see' using errcode = 'insufficient_privilege';
  end if;
  insert into board_statement (code_sha256, region_id, settlement_id, partner_id, pdf, made_by, expires_at)
  values (hash, my_region(), settlement, my_subject(), pdf, my_role() || ':' || my_subject(), now() + make_interval(days => days));
end $$;
comment on function keep_board_statement(text, text, int, bytea) is 'Lays a partner''s own statement down behind the hash of a code.';
revoke all on function keep_board_statement(text, text, int, bytea) from public;
grant execute on function keep_board_statement(text, text, int, bytea) to winst_app;

-- Whoever has the code is nobody that is known here; nothing but this one document is told.
create function board_statement_of(hash text) returns table (region_id int, region text, partner_id text, pdf bytea)
language sql stable security definer set search_path = public, pg_temp as $$
  select b.region_id, r.name, b.partner_id, b.pdf
    from board_statement b join region r using (region_id)
   where b.code_sha256 = hash and b.expires_at > now()
$$;
comment on function board_statement_of(text) is 'The document behind a link to a board, by the hash of its code, while the link holds.';
revoke all on function board_statement_of(text) from public;
grant execute on function board_statement_of(text) to winst_entry;
