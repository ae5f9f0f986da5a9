-- @kind  view
-- @reads fact_lineorder, dim_date, dim_customer, dim_supplier
-- @about Revenue between the nations of a region by year.
select c_nation, s_nation, d_year, sum(lo_revenue) as revenue
from fact_lineorder
  join dim_date on d_date = lo_orderdate
  join dim_customer on c_custkey = lo_custkey
  join dim_supplier on s_suppkey = lo_suppkey
where c_region = 'EUROPE' and s_region = 'EUROPE' and d_year between 1993 and 1997
group by c_nation, s_nation, d_year
