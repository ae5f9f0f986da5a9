-- "Notified" is the name for a match that led to an alert. Rights, and views on these tables, follow a rename.

alter table meta.told rename to notified;
alter table meta.notified rename column told_at to notified_at;
alter index meta.told_pkey rename to notified_pkey;
alter index meta.told_by_time rename to notified_by_time;

alter table meta.matches rename column told to notified;

alter table meta.rules rename column trouble_told to failure_notified;
