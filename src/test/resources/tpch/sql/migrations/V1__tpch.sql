-- The tables of TPC-H that a shop would export, without comments and with prices as money: numeric(12,2).
create table landing.region (r_regionkey int primary key, r_name text not null);
create table landing.nation (n_nationkey int primary key, n_name text not null, n_regionkey int not null);
create table landing.customer (
  c_custkey int primary key, c_name text not null, c_nationkey int not null, c_phone text, c_mktsegment text
);
create table landing.supplier (s_suppkey int primary key, s_name text not null, s_nationkey int not null, s_phone text);
create table landing.part (
  p_partkey int primary key, p_name text, p_mfgr text not null, p_brand text not null, p_type text, p_size int,
  p_container text
);
create table landing.partsupp (
  ps_partkey int, ps_suppkey int, ps_supplycost numeric(12,2) not null, primary key (ps_partkey, ps_suppkey)
);
create table landing.orders (
  o_orderkey int primary key, o_custkey int not null, o_orderdate date not null, o_orderpriority text,
  o_shippriority int, o_totalprice numeric(12,2)
);
create index on landing.orders (o_orderdate);
create table landing.lineitem (
  l_orderkey int, l_linenumber int, l_partkey int not null, l_suppkey int not null, l_quantity int not null,
  l_extendedprice numeric(12,2) not null, l_discount int not null, l_tax int not null, l_commitdate date,
  l_shipmode text, primary key (l_orderkey, l_linenumber)
);
