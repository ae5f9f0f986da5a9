-- @kind  table
-- @grain p_partkey
-- @reads part
-- @about One row per part: a maker has categories, and a category has brands.
select p_partkey, p_name, 'MFGR#' || right(p_mfgr, 1) as p_mfgr, 'MFGR#' || right(p_brand, 2) as p_category,
  'MFGR#' || right(p_brand, 2) || lpad(p_size::text, 2, '0') as p_brand1, split_part(p_name, ' ', 1) as p_color,
  p_type, p_size, p_container
from part
