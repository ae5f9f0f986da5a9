-- The same for 5 to 7 % in one week.
select sum(l_extendedprice * l_discount) as discounts
from landing.orders join landing.lineitem on l_orderkey = o_orderkey
where (extract(doy from o_orderdate)::int - extract(doy from o_orderdate)::int % 7) / 7 + 1 = 9 and extract(year
  from o_orderdate) = 1996 and l_discount between 5 and 7 and l_quantity between 26 and 35
