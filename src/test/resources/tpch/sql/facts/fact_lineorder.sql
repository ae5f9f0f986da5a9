-- @kind    recalc
-- @grain   lo_orderkey, lo_linenumber
-- @reads   stg_orders, stg_lineitem, stg_partsupp
-- @window  lo_orderdate by day from stg_orders.o_orderdate
-- @late    dirty, stg_lineitem.l_orderkey = stg_orders.o_orderkey
-- @fk      lo_orderdate in dim_date
-- @about   One row per line of an order.
select o_orderkey as lo_orderkey, l_linenumber as lo_linenumber, o_custkey as lo_custkey, l_partkey as lo_partkey,
  l_suppkey as lo_suppkey, o_orderdate as lo_orderdate, o_orderpriority as lo_orderpriority,
  l_quantity as lo_quantity, l_extendedprice as lo_extendedprice, o_totalprice as lo_ordtotalprice,
  l_discount as lo_discount, l_revenue as lo_revenue, supplycost as lo_supplycost, l_tax as lo_tax,
  l_commitdate as lo_commitdate, l_shipmode as lo_shipmode
from stg_orders
  join stg_lineitem on l_orderkey = o_orderkey
  left join stg_partsupp on partkey = l_partkey and suppkey = l_suppkey
where o_orderdate >= (:from at time zone 'UTC')::date and o_orderdate < (:to at time zone 'UTC')::date
