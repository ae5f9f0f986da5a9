-- @kind    table
-- @grain   feature_key
-- @reads   seed_features
-- @owner   growth
-- @about   One row per feature of the product whose use is counted.
select star.key_of(code) as feature_key, code, area
from seed_features
