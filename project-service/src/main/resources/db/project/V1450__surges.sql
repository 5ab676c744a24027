-- How long a push waits, so that a surge that does not end cannot hold it for ever.
alter table untold_push add column waits_since timestamptz not null default now();
