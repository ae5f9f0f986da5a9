-- What discounts of 1 to 3 % on fewer than 25 pieces cost in 1994.
select sum(l_extendedprice * l_discount) as discounts
from landing.orders join landing.lineitem on l_orderkey = o_orderkey
where extract(year from o_orderdate) = 1994 and l_discount between 1 and 3 and l_quantity < 25
