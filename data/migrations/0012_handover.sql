-- What a stage leaves for the next one, as columns: the rows of an assessment are written once, and read by people, not by the run itself.

create table handover (
  run_id text not null,
  stage text not null,
  piece text not null,
  bytes bytea not null,
  primary key (run_id, stage, piece)
);
comment on table handover is 'Grain: one per run, stage and piece (a logical shard, or an assessed year of one); scratch, deleted once the stage that reads it is done';
comment on column handover.bytes is 'typed columns as packed by data/packed.ts: of expect the expectations of a shard, of realise an assessed year of a shard';
-- Doubles do not compress: store them as they are, so that reading costs no decompression.
alter table handover alter column bytes set storage external;
