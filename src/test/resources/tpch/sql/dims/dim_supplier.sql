-- @kind  table
-- @grain s_suppkey
-- @reads supplier, stg_nation
-- @index s_region
-- @about One row per supplier.
select s_suppkey, s_name, rpad(left(nation, 9), 9) || right(s_phone, 1) as s_city, nation as s_nation,
  region as s_region, s_phone
from supplier join stg_nation on nationkey = s_nationkey
