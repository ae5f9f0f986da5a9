-- @kind  view
-- @reads fact_lineorder, dim_date, dim_customer, dim_supplier, dim_part
-- @about Profit of a category by year, city and brand.
select d_year, s_city, p_brand1, sum(lo_revenue - lo_supplycost) as profit
from fact_lineorder
  join dim_date on d_date = lo_orderdate
  join dim_customer on c_custkey = lo_custkey
  join dim_supplier on s_suppkey = lo_suppkey
  join dim_part on p_partkey = lo_partkey
where c_region = 'AMERICA' and s_nation = 'CHINA' and d_year in (1997, 1998) and p_category like 'MFGR#4%'
group by d_year, s_city, p_brand1
