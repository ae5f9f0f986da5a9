-- @kind    recalc
-- @grain   month, c_region, s_region, p_category
-- @reads   fact_lineorder_flat
-- @window  month by month from fact_lineorder_flat.lo_orderdate zone America/New_York
-- @about   Revenue and profit of each month by regions and category. Order dates are those of New York.
select date_trunc('month', lo_orderdate::timestamp)::date as month, c_region, s_region, p_category, count(*) as lines,
  sum(lo_revenue) as revenue, sum(lo_revenue - lo_supplycost) as profit
from fact_lineorder_flat
where lo_orderdate >= (:from at time zone 'America/New_York')::date
  and lo_orderdate < (:to at time zone 'America/New_York')::date
group by 1, 2, 3, 4
