-- @kind  view
-- @reads fact_lineorder, dim_date
-- @about The same for 5 to 7 % in one week.
select sum(lo_extendedprice * lo_discount) as discounts
from fact_lineorder
  join dim_date on d_date = lo_orderdate
where d_weeknuminyear = 9 and d_year = 1996 and lo_discount between 5 and 7 and lo_quantity between 26 and 35
