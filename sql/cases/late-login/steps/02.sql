-- A login that the source takes back vanishes, and with it the last row of that day.
delete from logins where login_at = '2026-03-29 09:00Z';
