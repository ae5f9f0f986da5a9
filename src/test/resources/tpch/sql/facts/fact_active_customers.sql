-- @kind    recalc
-- @grain   day
-- @reads   dim_date, stg_orders
-- @window  day by day from stg_orders.o_orderdate
-- @late    reach 28d, dim_date by d_date..d_date
-- @about   One row per day on which there were orders in the last 28 days: the customers who ordered.
select d_date as day, count(distinct o_custkey) as customers, count(*) as orders
from dim_date join stg_orders on o_orderdate > d_date - 28 and o_orderdate <= d_date
where d_date >= (:from at time zone 'UTC')::date and d_date < (:to at time zone 'UTC')::date
group by 1
