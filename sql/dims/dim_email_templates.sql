-- @kind    table
-- @grain   template_key
-- @reads   stg_messages
-- @owner   growth
-- @about   One row per template of the product's e-mails.
select distinct star.key_of(template) as template_key, template as code
from stg_messages
