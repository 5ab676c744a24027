create table known_project (
    id       uuid primary key,
    owner_id uuid    not null,
    deleted  boolean not null default false
);

create table known_service (
    id         uuid primary key,
    project_id uuid    not null,
    revision   bigint  not null,
    spec       text    not null,
    deleted    boolean not null default false
);

create index known_service_project on known_service (project_id);
