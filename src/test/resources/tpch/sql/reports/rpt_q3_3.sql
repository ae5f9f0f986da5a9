-- @kind  view
-- @reads fact_lineorder, dim_date, dim_customer, dim_supplier
-- @about Revenue between some cities by year.
select c_city, s_city, d_year, sum(lo_revenue) as revenue
from fact_lineorder
  join dim_date on d_date = lo_orderdate
  join dim_customer on c_custkey = lo_custkey
  join dim_supplier on s_suppkey = lo_suppkey
where c_city like 'JAPAN    %' and s_city like 'CHINA    %' and right(c_city, 1) in ('1', '5', '7') and d_year
  between 1992 and 1997
group by c_city, s_city, d_year
