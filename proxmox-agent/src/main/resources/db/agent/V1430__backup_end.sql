-- When we saw that it was taken, by our clock; null for what was taken before this was noted.
alter table backup add column ended_at timestamptz;
