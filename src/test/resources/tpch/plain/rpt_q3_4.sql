-- The same in one month.
select (rpad(left(cn.n_name, 9), 9) || right(c_phone, 1)) as c_city, (rpad(left(sn.n_name, 9), 9) || right(s_phone,
  1)) as s_city, extract(year from o_orderdate) as d_year, sum(round(l_extendedprice * (100 - l_discount) / 100, 2))
  as revenue
from landing.orders join landing.lineitem on l_orderkey = o_orderkey
  join landing.customer on c_custkey = o_custkey
  join landing.nation cn on cn.n_nationkey = c_nationkey
  join landing.region cr on cr.r_regionkey = cn.n_regionkey
  join landing.supplier on s_suppkey = l_suppkey
  join landing.nation sn on sn.n_nationkey = s_nationkey
  join landing.region sr on sr.r_regionkey = sn.n_regionkey
where cr.r_name = 'ASIA' and (rpad(left(sn.n_name, 9), 9) || right(s_phone, 1)) like '%5' and to_char(o_orderdate,
  'MonYYYY') = 'Dec1997'
group by 1, 2, 3
