-- @kind  table
-- @grain d_date
-- @reads stg_orders
-- @about One row per day, from the first order to the last.
select d::date as d_date, to_char(d, 'YYYYMMDD')::int as d_datekey, extract(year from d)::int as d_year,
  to_char(d, 'YYYYMM')::int as d_yearmonthnum, to_char(d, 'MonYYYY') as d_yearmonth,
  extract(doy from d)::int / 7 + 1 as d_weeknuminyear
from (select min(o_orderdate) as first, max(o_orderdate) as last from stg_orders) as days,
  generate_series(first::timestamp, last::timestamp, interval '1 day') as d
