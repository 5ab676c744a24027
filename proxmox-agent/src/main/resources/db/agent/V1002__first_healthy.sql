alter table instance add column healthy_at timestamptz;
