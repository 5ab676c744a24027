-- How many instances what serves is kept at.
alter table rollout add column replicas int not null default 1;

-- Whether its node is being emptied, so that another instance is to take its place.
alter table instance add column leaving boolean not null default false;
