-- When a tag was last given, so that the oldest go first.
alter table named_image add column named_at timestamptz not null default now();
