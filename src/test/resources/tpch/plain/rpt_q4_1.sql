-- Profit with the customers of a region by year and nation.
select extract(year from o_orderdate) as d_year, cn.n_name as c_nation, sum(round(l_extendedprice * (100 -
  l_discount) / 100, 2) - ps_supplycost) as profit
from landing.orders join landing.lineitem on l_orderkey = o_orderkey
  join landing.customer on c_custkey = o_custkey
  join landing.nation cn on cn.n_nationkey = c_nationkey
  join landing.region cr on cr.r_regionkey = cn.n_regionkey
  join landing.supplier on s_suppkey = l_suppkey
  join landing.nation sn on sn.n_nationkey = s_nationkey
  join landing.region sr on sr.r_regionkey = sn.n_regionkey
  join landing.part on p_partkey = l_partkey
  left join landing.partsupp on ps_partkey = l_partkey and ps_suppkey = l_suppkey
where cr.r_name = 'ASIA' and sr.r_name = 'ASIA' and replace(p_mfgr, 'Manufacturer#', 'MFGR#') in ('MFGR#1',
  'MFGR#2')
group by 1, 2
