-- Revenue between the nations of a region by year.
select cn.n_name as c_nation, sn.n_name as s_nation, extract(year from o_orderdate) as d_year,
  sum(round(l_extendedprice * (100 - l_discount) / 100, 2)) as revenue
from landing.orders join landing.lineitem on l_orderkey = o_orderkey
  join landing.customer on c_custkey = o_custkey
  join landing.nation cn on cn.n_nationkey = c_nationkey
  join landing.region cr on cr.r_regionkey = cn.n_regionkey
  join landing.supplier on s_suppkey = l_suppkey
  join landing.nation sn on sn.n_nationkey = s_nationkey
  join landing.region sr on sr.r_regionkey = sn.n_regionkey
where cr.r_name = 'EUROPE' and sr.r_name = 'EUROPE' and extract(year from o_orderdate) between 1993 and 1997
group by 1, 2, 3
