create table work (
    queue       text        not null,
    key         text        not null,
    due_at      timestamptz not null,
    version     bigint      not null default 0,
    attempts    int         not null default 0,
    lease_owner uuid,
    lease_until timestamptz,
    primary key (queue, key)
);

create index work_due on work (queue, due_at);
