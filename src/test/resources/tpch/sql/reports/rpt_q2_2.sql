-- @kind  view
-- @reads fact_lineorder_flat, dim_date
-- @about Revenue of a range of brands by year.
select d_year, p_brand1, sum(lo_revenue) as revenue
from fact_lineorder_flat join dim_date on d_date = lo_orderdate
where p_brand1 between 'MFGR#3110' and 'MFGR#3125' and s_region = 'EUROPE'
group by d_year, p_brand1
