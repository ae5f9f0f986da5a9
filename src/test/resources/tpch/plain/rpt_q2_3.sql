-- Revenue of the brands of one size by year.
select extract(year from o_orderdate) as d_year, (replace(p_brand, 'Brand#', 'MFGR#') || to_char(p_size, 'FM00')) as
  p_brand1, sum(round(l_extendedprice * (100 - l_discount) / 100, 2)) as revenue
from landing.orders join landing.lineitem on l_orderkey = o_orderkey
  join landing.part on p_partkey = l_partkey
  join landing.supplier on s_suppkey = l_suppkey
  join landing.nation sn on sn.n_nationkey = s_nationkey
  join landing.region sr on sr.r_regionkey = sn.n_regionkey
where (replace(p_brand, 'Brand#', 'MFGR#') || to_char(p_size, 'FM00')) in ('MFGR#1101', 'MFGR#1201', 'MFGR#2101',
  'MFGR#3301', 'MFGR#4501') and sr.r_name = 'AMERICA'
group by 1, 2
