-- An account of a colleague counts in no report.
update users set is_internal = true where user_id = 'ada';
