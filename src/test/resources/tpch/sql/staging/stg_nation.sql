-- @kind  view
-- @grain nationkey
-- @reads nation, region
-- @about One row per nation with its region.
select n_nationkey as nationkey, n_name as nation, r_name as region
from nation join region on r_regionkey = n_regionkey
