-- @kind  view
-- @reads fact_lineorder, dim_date, dim_part, dim_supplier
-- @about Revenue of the brands of one size by year.
select d_year, p_brand1, sum(lo_revenue) as revenue
from fact_lineorder
  join dim_date on d_date = lo_orderdate
  join dim_part on p_partkey = lo_partkey
  join dim_supplier on s_suppkey = lo_suppkey
where p_brand1 in ('MFGR#1101', 'MFGR#1201', 'MFGR#2101', 'MFGR#3301', 'MFGR#4501') and s_region = 'AMERICA'
group by d_year, p_brand1
