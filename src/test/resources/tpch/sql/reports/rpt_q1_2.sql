-- @kind  view
-- @reads fact_lineorder, dim_date
-- @about The same for 4 to 6 % on 26 to 35 pieces in one month.
select sum(lo_extendedprice * lo_discount) as discounts
from fact_lineorder
  join dim_date on d_date = lo_orderdate
where d_yearmonthnum = 199503 and lo_discount between 4 and 6 and lo_quantity between 26 and 35
