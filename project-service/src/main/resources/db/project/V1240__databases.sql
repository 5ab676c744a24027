-- Names of what managed databases of a project provide, from database-service's events; the values are none of this service's business.
create table known_database (
    id uuid primary key,
    project_id uuid not null,
    revision bigint not null,
    name text not null,
    variables text[] not null,
    deleted boolean not null default false
);
create index known_database_of_project on known_database (project_id);
