-- @kind  view
-- @reads fact_lineorder, dim_date
-- @about What discounts of 1 to 3 % on fewer than 25 pieces cost in 1994.
select sum(lo_extendedprice * lo_discount) as discounts
from fact_lineorder
  join dim_date on d_date = lo_orderdate
where d_year = 1994 and lo_discount between 1 and 3 and lo_quantity < 25
