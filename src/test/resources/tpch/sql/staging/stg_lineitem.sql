-- @kind  view
-- @grain l_orderkey, l_linenumber
-- @reads lineitem
-- @about One row per line of an order.
select l_orderkey, l_linenumber, l_partkey, l_suppkey, l_quantity, l_extendedprice, l_discount, l_tax, l_commitdate,
  l_shipmode, round(l_extendedprice * (100 - l_discount) / 100, 2) as l_revenue
from lineitem
