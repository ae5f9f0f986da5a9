-- Revenue of a range of brands by year.
select extract(year from o_orderdate) as d_year, (replace(p_brand, 'Brand#', 'MFGR#') || to_char(p_size, 'FM00')) as
  p_brand1, sum(round(l_extendedprice * (100 - l_discount) / 100, 2)) as revenue
from landing.orders join landing.lineitem on l_orderkey = o_orderkey
  join landing.customer on c_custkey = o_custkey
  join landing.nation cn on cn.n_nationkey = c_nationkey
  join landing.region cr on cr.r_regionkey = cn.n_regionkey
  join landing.supplier on s_suppkey = l_suppkey
  join landing.nation sn on sn.n_nationkey = s_nationkey
  join landing.region sr on sr.r_regionkey = sn.n_regionkey
  join landing.part on p_partkey = l_partkey
where (replace(p_brand, 'Brand#', 'MFGR#') || to_char(p_size, 'FM00')) between 'MFGR#3110' and 'MFGR#3125' and
  sr.r_name = 'EUROPE'
group by 1, 2
