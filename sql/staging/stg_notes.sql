-- @kind    view
-- @reads   app.notes
-- @owner   growth
-- @about   One row per note, without its title and its text.
select
  id as note_id,
  meeting_id,
  author_id,
  created_date as created_at,
  first_shared_at,
  last_viewed_at,
  words,
  action_items,
  shares
from app.notes
