-- Who may write a source, and until when by this server's clock. Whoever takes a lease raises its epoch. Each writing
-- transaction locks its row with its epoch FOR KEY SHARE: a renewal passes that lock, and because the epoch is part of
-- a unique key, a take-over waits for it.
create table meta.leases (
  source     text        not null primary key,
  owner      text        not null,
  epoch      bigint      not null,
  expires_at timestamptz not null,
  unique (source, epoch)
) with (fillfactor = 50);

insert into meta.leases (source, owner, epoch, expires_at) select source, '', epoch, '-infinity' from meta.offsets;
alter table meta.offsets drop column epoch;
