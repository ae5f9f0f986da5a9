-- @kind  view
-- @grain o_orderkey
-- @reads orders
-- @about One row per order.
select o_orderkey, o_custkey, o_orderdate, o_orderpriority, o_shippriority, o_totalprice
from orders
