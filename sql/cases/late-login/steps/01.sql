-- @now 2026-04-02T12:00
-- A login of 28 March arrives five days later: that day is calculated again, although it is long over.
insert into logins (login_at, user_id, device) values ('2026-03-28 08:00Z', 'ada', 'Mobile');
