-- @kind  view
-- @grain partkey, suppkey
-- @reads partsupp
-- @about What a part costs at a supplier.
select ps_partkey as partkey, ps_suppkey as suppkey, ps_supplycost as supplycost
from partsupp
