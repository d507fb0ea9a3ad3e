-- A birth year may be unknown: age is then one of the things that are not known of a person.
alter table patient_state alter column birth_year drop not null;
comment on column patient_state.birth_year is 'calendar year; null: not known';
comment on column expectation.birth_year is 'as known at the run''s as_of; 0: not known';
comment on column assessment_cell.age_band is 'first year of the band; -1: the birth year is not known';
comment on column research_cell.age is 'first year of the band, by calendar year of the index date; -1: the birth year is not known';
