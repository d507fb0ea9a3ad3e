-- Who may ask the API what. A token is known by its hash only.

create table api_token (
  token_sha256 text primary key check (token_sha256 ~ '^[0-9a-f]{64}$'),
  role text not null check (role in ('analyst', 'insurer', 'partner', 'researcher')),
  subject text not null,
  constraint whose check (role in ('analyst', 'researcher') or subject <> '')
);
comment on table api_token is 'Grain: one per token';
comment on column api_token.subject is 'an insurer''s UZOVI code, a partner''s id, or the name of an analyst or researcher';
