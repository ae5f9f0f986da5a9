-- Surrogate keys that stay the same whenever and in whatever order rows arrive: 63 bits of the MD5 of the natural key. A fact may so be
-- calculated before its dimension has the row. 0 is "unknown", the key of NULL.

create function star.key_of(natural_key text) returns bigint
language sql immutable parallel safe
return coalesce(('x' || left(md5(natural_key), 16))::bit(64)::bigint & 9223372036854775807, 0);

create function star.key_of(natural_key text, and_this text) returns bigint
language sql immutable parallel safe
return coalesce(('x' || left(md5(natural_key || chr(31) || and_this), 16))::bit(64)::bigint & 9223372036854775807, 0);
