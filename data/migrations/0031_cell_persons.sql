-- A person may have several index dates in a cell: groups are hidden by persons.
alter table assessment_cell add column persons int check (persons >= 0), add column persons_measured int check (persons_measured >= 0);
comment on column assessment_cell.persons is
  'those eligible by their first index date, so that a person is in one cell only: at least so many persons are in any sum of cells; null: of before, when each had one index date';
comment on column assessment_cell.persons_measured is 'the measured among them';
