-- The table of units by delivery carries the name of what it counts.

alter table unit_met rename to unit_usage;
