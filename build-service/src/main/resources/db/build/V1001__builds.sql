create table build (
    id              uuid primary key,
    service_id      uuid,
    project_id      uuid        not null,
    owner_id        uuid        not null,
    deployment_id   uuid,
    status          text        not null,
    phase           text,
    attempts        int         not null default 0,
    request         text        not null,
    image_name      text,
    image_tag       text,
    created_at      timestamptz not null,
    started_at      timestamptz,
    completed_at    timestamptz,
    cancel_reason   text,
    failure_code    text,
    failure_message text,
    image           text,
    source_commit   text,
    phases          text        not null default '{}',
    origin          text        not null
);

create index build_of_owner on build (owner_id, created_at desc);
create index build_of_project on build (project_id, created_at desc);
create index build_of_service on build (service_id, created_at desc);
create index build_unfinished on build (status) where status in ('PENDING', 'RUNNING');

create table build_log (
    build_id  uuid        not null references build (id) on delete cascade,
    seq       bigint      not null,
    logged_at timestamptz not null,
    stream    text        not null,
    text      text        not null,
    primary key (build_id, seq)
);

-- What an image becomes once prepared: the same source with the same guest-init always gives the same image.
create table prepared_image (
    repository    text  not null,
    source_digest text  not null,
    init_digest   text  not null,
    digest        text  not null,
    image         text  not null,
    primary key (repository, source_digest, init_digest)
);

-- Every manifest that was put into the registry, until it is deleted there.
create table pushed_manifest (
    repository text        not null,
    digest     text        not null,
    kind       text        not null,
    pushed_at  timestamptz not null,
    primary key (repository, digest)
);

-- Which prepared images of a service its releases still need.
create table image_retention (
    service_id uuid primary key,
    digests    text        not null,
    counted_at timestamptz not null,
    deleted    boolean     not null default false
);
