-- Branches whose pushes deploy a service.
-- branch: as the service names it, null for the default one. head: the newest known, null until it was looked at or told.
-- moved_to: a newer one that no delivery told of so far, found first at moved_at. version rises whenever a delivery tells a head.
create table watched_branch (
    service_id uuid primary key,
    repository text   not null,
    branch     text,
    head       text,
    moved_to   text,
    moved_at   timestamptz,
    failures   int    not null default 0,
    version    bigint not null default 0
);
