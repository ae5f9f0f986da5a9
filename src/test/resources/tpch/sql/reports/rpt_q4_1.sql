-- @kind  view
-- @reads fact_lineorder, dim_date, dim_customer, dim_supplier, dim_part
-- @about Profit with the customers of a region by year and nation.
select d_year, c_nation, sum(lo_revenue - lo_supplycost) as profit
from fact_lineorder
  join dim_date on d_date = lo_orderdate
  join dim_customer on c_custkey = lo_custkey
  join dim_supplier on s_suppkey = lo_suppkey
  join dim_part on p_partkey = lo_partkey
where c_region = 'ASIA' and s_region = 'ASIA' and p_mfgr in ('MFGR#1', 'MFGR#2')
group by d_year, c_nation
