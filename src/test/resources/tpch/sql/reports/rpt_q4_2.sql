-- @kind  view
-- @reads fact_lineorder_flat, dim_date
-- @about Profit by year, nation of the supplier and category.
select d_year, s_nation, p_category, sum(lo_revenue - lo_supplycost) as profit
from fact_lineorder_flat join dim_date on d_date = lo_orderdate
where c_region = 'AFRICA' and s_region = 'AMERICA' and d_year in (1997, 1998) and p_mfgr in ('MFGR#3', 'MFGR#4')
group by d_year, s_nation, p_category
