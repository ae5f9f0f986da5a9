-- @now 2026-03-30T12:00
-- The user is reported a day after he logged in: his logins get his country, and are not lost meanwhile.
insert into users (user_id, created_at, country) values ('ada', '2026-03-28 08:00Z', 'GB');
