-- @severity warn
-- @about    A line belongs to an order.
select l_orderkey from stg_lineitem left join stg_orders on o_orderkey = l_orderkey where o_orderkey is null
