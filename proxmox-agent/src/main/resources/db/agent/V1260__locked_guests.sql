-- Since when a backup waits for a guest that something else holds; null while it does not.
alter table backup add column locked_since timestamptz;
