-- @kind  view
-- @reads fact_lineorder, dim_date, dim_part, dim_supplier
-- @about Revenue of the brands of a category from the suppliers of a region, by year.
select d_year, p_brand1, sum(lo_revenue) as revenue
from fact_lineorder
  join dim_date on d_date = lo_orderdate
  join dim_part on p_partkey = lo_partkey
  join dim_supplier on s_suppkey = lo_suppkey
where p_category = 'MFGR#23' and s_region = 'ASIA'
group by d_year, p_brand1
