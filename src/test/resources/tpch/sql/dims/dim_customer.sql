-- @kind     table
-- @grain    c_custkey
-- @reads    customer, stg_nation, seed_segments
-- @accepted c_region in AFRICA, AMERICA, ASIA, EUROPE, MIDDLE EAST
-- @expect   rows 1..100000, change -60%..+60%
-- @column   c_city one of ten cities of a nation: its name, and the last digit of the telephone number
-- @about    One row per customer.
select c_custkey, c_name, rpad(left(nation, 9), 9) || right(c_phone, 1) as c_city, nation as c_nation,
  region as c_region, c_phone, c_mktsegment, sector as c_sector
from customer
  join stg_nation on nationkey = c_nationkey
  left join seed_segments on segment = c_mktsegment
