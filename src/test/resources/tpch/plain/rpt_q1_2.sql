-- The same for 4 to 6 % on 26 to 35 pieces in one month.
select sum(l_extendedprice * l_discount) as discounts
from landing.orders join landing.lineitem on l_orderkey = o_orderkey
where to_char(o_orderdate, 'YYYYMM') = '199503' and l_discount between 4 and 6 and l_quantity between 26 and 35
