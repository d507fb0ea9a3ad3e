-- In which tables the place of a cell is told is laid down with the cell: it follows from all cells of the run, and never from who asked what.
alter table research_cell add column told smallint not null default 0 check (told between 0 and 255);
comment on column research_cell.told is
  'one bit for each table of the fine dimension with base dimensions (1 cohort, 2 age band, 4 sex): whether the place of the cell is told in it';
