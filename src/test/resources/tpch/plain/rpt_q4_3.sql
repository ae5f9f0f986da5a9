-- Profit of a category by year, city and brand.
select extract(year from o_orderdate) as d_year, (rpad(left(sn.n_name, 9), 9) || right(s_phone, 1)) as s_city,
  (replace(p_brand, 'Brand#', 'MFGR#') || to_char(p_size, 'FM00')) as p_brand1, sum(round(l_extendedprice * (100 -
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
where cr.r_name = 'AMERICA' and sn.n_name = 'CHINA' and extract(year from o_orderdate) in (1997, 1998) and
  replace(p_brand, 'Brand#', 'MFGR#') like 'MFGR#4%'
group by 1, 2, 3
