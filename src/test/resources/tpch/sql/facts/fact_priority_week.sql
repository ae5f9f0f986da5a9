-- @kind    recalc
-- @grain   week, priority
-- @reads   stg_orders
-- @window  week by week from stg_orders.o_orderdate zone Asia/Tokyo
-- @about   Orders of each week by their priority. Order dates are those of Tokyo.
select date_trunc('week', o_orderdate::timestamp)::date as week, o_orderpriority as priority, count(*) as orders,
  count(distinct o_custkey) as customers, sum(o_totalprice) as total
from stg_orders
where o_orderdate >= (:from at time zone 'Asia/Tokyo')::date and o_orderdate < (:to at time zone 'Asia/Tokyo')::date
group by 1, 2
