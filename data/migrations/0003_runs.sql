-- Contracts, runs and what a run keeps on the way: who computed what, with which engine, as known on which day.

create table contract (
  contract_sha256 text primary key check (contract_sha256 ~ '^[0-9a-f]{64}$'),
  contract_id text not null,
  programme text not null,
  yaml text not null,
  document jsonb not null,
  seq bigint generated always as identity unique
);
comment on table contract is 'Grain: one per text of a contract, by content hash; a changed clause is a new row with the same contract_id';
comment on column contract.document is 'the contract as the engine reads it, every default filled in';
comment on column contract.seq is 'order of arrival; the highest of a contract_id is the latest';
create index contract_by_id on contract (contract_id, seq desc);

create table snapshot (
  region_id int not null references region,
  recipe text not null,
  dataset_sha256 text not null check (dataset_sha256 ~ '^[0-9a-f]{64}$'),
  primary key (region_id, recipe)
);
comment on table snapshot is 'Grain: one per region and recipe (deliveries, programme, measures, layout of a panel); scratch, spares reading unchanged rows again';

create table panel_shard (
  region_id int not null references region,
  dataset_sha256 text not null,
  programme text not null,
  shard smallint not null check (shard between 0 and 15),
  bytes bytea not null,
  primary key (region_id, dataset_sha256, programme, shard)
);
comment on table panel_shard is 'Grain: one per region, state of the data, programme and logical shard; scratch, may be deleted and is made again';
comment on column panel_shard.bytes is 'a Panel (engine/panel.ts) as packed by data/panel-bytes.ts';
-- Doubles do not compress: store them as they are, so that reading costs no decompression.
alter table panel_shard alter column bytes set storage external;

create table run (
  run_id text primary key check (run_id <> ''),
  run_key int generated always as identity unique,
  region_id int not null references region,
  contract_sha256 text not null references contract,
  as_of date not null,
  dataset_sha256 text not null check (dataset_sha256 ~ '^[0-9a-f]{64}$'),
  engine_version text not null
);
comment on table run is 'Grain: one per run; its id is made from everything that goes in';
comment on column run.run_key is 'the same run in four bytes, for the tables with millions of rows';
create index run_by_contract on run (contract_sha256);

create table stage_done (
  run_id text not null,
  stage text not null,
  part text not null,
  result jsonb,
  primary key (run_id, stage, part)
);
comment on table stage_done is 'Grain: one per finished part of a stage of a run; written in the transaction of the work itself, so the work is done exactly when the row is there';

create table training_shard (
  run_id text not null,
  measure text not null,
  shard smallint not null check (shard between 0 and 15),
  bytes bytea not null,
  primary key (run_id, measure, shard)
);
comment on column stage_done.result is 'what the part has to tell a later stage (counts), small';
comment on table training_shard is 'Grain: one per run, outcome and logical shard; scratch, deleted once the model is frozen';
comment on column training_shard.bytes is 'a TrainingShard (models/): sufficient statistics and sampled landmarks, as that room packs them';
alter table training_shard alter column bytes set storage external;

create table model_artefact (
  model_id text primary key check (model_id ~ '^[0-9a-f]{64}$'),
  measure text not null,
  programme text not null,
  bytes bytea not null,
  card jsonb not null
);
comment on table model_artefact is 'Grain: one per frozen set of models for one measure, by content hash';
comment on column model_artefact.card is 'the model card: window of the data, settings, seed, splits, accuracy and calibration by group';
alter table model_artefact alter column bytes set storage external;

create table model_state (
  model_id text not null references model_artefact,
  seq bigint generated always as identity,
  state text not null check (state in ('candidate', 'frozen', 'retired')),
  primary key (model_id, seq)
);
comment on table model_state is 'Grain: one per change of state of a model; the highest seq holds';

create table run_model (
  run_id text not null references run,
  measure text not null,
  model_id text not null references model_artefact,
  primary key (run_id, measure)
);
comment on table run_model is 'Grain: one per run and outcome: the model that its expectations come from';

create table run_partner (
  run_id text not null references run,
  partner_no smallint not null,
  partner_id text not null,
  kind text not null,
  member_of text,
  primary key (run_id, partner_no),
  unique (run_id, partner_id)
);
comment on table run_partner is 'Grain: one per run and partner of the region, as known at the run''s as_of; partner_no is its place in the panels';

create table run_insurer (
  run_id text not null references run,
  insurer_no smallint not null,
  insurer text not null,
  primary key (run_id, insurer_no)
);
comment on table run_insurer is 'Grain: one per run and insurer of the region''s patients; insurer_no is its place in the panels, a blank one is unknown';

select append_only(t::regclass) from unnest(array['contract', 'run', 'model_artefact', 'model_state', 'run_model', 'run_partner', 'run_insurer']) t;
