create table project (
    id          uuid primary key,
    owner_id    uuid        not null,
    name        text        not null,
    description text,
    created_at  timestamptz not null,
    updated_at  timestamptz not null
);

create index project_owner on project (owner_id, created_at desc, id desc);

create table service (
    id          uuid primary key,
    project_id  uuid        not null references project (id),
    definition  jsonb       not null,
    environment jsonb       not null,
    variables   jsonb       not null,
    wanted      text        not null,
    restarts    bigint      not null,
    revision    bigint      not null,
    status      text        not null,
    url         text,
    created_at  timestamptz not null,
    updated_at  timestamptz not null
);

-- Host names derive from service names and know no case.
create unique index service_name on service (project_id, lower(definition ->> 'name'));
