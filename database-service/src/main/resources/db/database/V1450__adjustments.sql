-- What an instance can be given while it runs: its plan's size, and who may connect beside its project.
alter table database
    add column adjustment       bigint not null default 0,
    add column allowed_networks text[] not null default '{}';

-- What it was asked to have of that, and what became of it.
alter table database_instance
    add column adjustment       bigint  not null default 0,
    add column adjusted         boolean not null default true,
    add column refused          boolean not null default false,
    add column obstacle_code    text,
    add column obstacle_message text;
