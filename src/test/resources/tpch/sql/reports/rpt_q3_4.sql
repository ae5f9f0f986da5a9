-- @kind  view
-- @reads fact_lineorder, dim_date, dim_customer, dim_supplier
-- @about The same in one month.
select c_city, s_city, d_year, sum(lo_revenue) as revenue
from fact_lineorder
  join dim_date on d_date = lo_orderdate
  join dim_customer on c_custkey = lo_custkey
  join dim_supplier on s_suppkey = lo_suppkey
where c_region = 'ASIA' and s_city like '%5' and d_yearmonth = 'Dec1997'
group by c_city, s_city, d_year
