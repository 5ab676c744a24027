-- Nodes that an operator empties.
create table drained_node (
    node  text primary key,
    since timestamptz not null
);

-- Whether others were asked to put another instance in its place.
alter table instance add column moving boolean not null default false;
