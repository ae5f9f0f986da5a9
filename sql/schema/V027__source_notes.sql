-- What an import has noticed in its table and left as it is, for the page.
alter table meta.sources
  -- days whose rows someone has changed (restoreEdits: false)
  add column edited_days integer not null default 0,
  -- days before the window that are not there, and that the command reload would import: the first, and the day after the last
  add column missing_from date,
  add column missing_end date;
