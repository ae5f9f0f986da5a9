-- @kind    recalc
-- @grain   lo_orderkey, lo_linenumber
-- @reads   fact_lineorder, dim_customer, dim_supplier, dim_part
-- @window  lo_orderdate by day from fact_lineorder.lo_orderdate
-- @late    dim_customer.c_custkey = fact_lineorder.lo_custkey, dim_supplier.s_suppkey = fact_lineorder.lo_suppkey, dim_part.p_partkey = fact_lineorder.lo_partkey
-- @index   lo_orderdate, p_category
-- @about   Lines of orders with their customers, suppliers and parts, where all are known.
select lo_orderkey, lo_linenumber, lo_orderdate, lo_quantity, lo_extendedprice, lo_discount, lo_revenue, lo_supplycost,
  c_city, c_nation, c_region, c_sector, s_city, s_nation, s_region, p_mfgr, p_category, p_brand1
from fact_lineorder
  join dim_customer on c_custkey = lo_custkey
  join dim_supplier on s_suppkey = lo_suppkey
  join dim_part on p_partkey = lo_partkey
where lo_orderdate >= (:from at time zone 'UTC')::date and lo_orderdate < (:to at time zone 'UTC')::date
