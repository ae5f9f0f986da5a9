-- Whether operators were told that a rule fails, or does not run, and not yet that it is in order again.
alter table meta.rules add column trouble_told boolean not null default false;
