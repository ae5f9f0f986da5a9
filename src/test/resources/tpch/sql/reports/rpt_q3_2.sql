-- @kind  view
-- @reads fact_lineorder_flat, dim_date
-- @about Revenue between the cities of two nations by year.
select c_city, s_city, d_year, sum(lo_revenue) as revenue
from fact_lineorder_flat join dim_date on d_date = lo_orderdate
where c_nation = 'CHINA' and s_nation = 'INDIA' and d_year between 1992 and 1997
group by c_city, s_city, d_year
