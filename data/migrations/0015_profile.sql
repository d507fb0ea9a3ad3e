-- What only the import of a delivery sees, kept with it so that its profile is the same whenever it is asked for.

create table unit_met (
  delivery_id int not null references delivery,
  measure_id smallint not null references measure_key,
  unit text not null,
  converted boolean not null,
  rows bigint not null check (rows > 0),
  primary key (delivery_id, measure_id, unit)
);
comment on table unit_met is
  'Grain: one unit in which one delivery gave one measure; blank: none was named. Unit of rows: sound rows of the file, exact duplicates included.';

create table likely_cause (
  delivery_id int not null references delivery,
  measure_id smallint references measure_key,
  cause text not null check (cause in ('zero_for_missing', 'unit_mix', 'decimal_shift', 'future_date', 'two_main_practitioners')),
  faults bigint not null check (faults > 0),
  unique nulls not distinct (delivery_id, measure_id, cause)
);
comment on table likely_cause is 'Grain: one likely cause of refused rows of one measure (null: of no measure) in one delivery. Unit of faults: lines of rejects.csv.';

select append_only(t::regclass) from unnest(array['unit_met', 'likely_cause']) t;
