-- Rises over all routes, so that a host name that changes hands never goes back to a lower generation.
create sequence route_generation;

-- What is true of one service: what it serves, and where its route points. Its row lock orders everything done to a service.
create table rollout (
    service_id         uuid primary key,
    project_id         uuid    not null,
    generation         bigint  not null default 0,
    current_deployment uuid,
    current_release    uuid,
    restarts_seen      bigint  not null,
    stopped            boolean not null default false,
    replacements       int     not null default 0,
    replaced_at        timestamptz,
    route_generation   bigint  not null default 0,
    route_targets      text    not null default '[]',
    route_deployment   uuid,
    route_published_at timestamptz,
    state              text,
    wish_origin        text,
    settled            boolean not null default false
);

create index rollout_unsettled on rollout (service_id) where not settled;

-- Host names, given once.
create table service_host (
    host       text primary key,
    service_id uuid not null unique
);

-- One attempt to bring a release into service. spec is what was asked for and never changes.
create table deployment (
    id                 uuid primary key,
    service_id         uuid        not null,
    project_id         uuid        not null,
    trigger            text        not null,
    status             text        not null,
    status_since       timestamptz not null,
    reason             text,
    error_code         text,
    error              text,
    branch             text,
    commit_hash        text,
    commit_message     text,
    commit_author      text,
    rollback_of        uuid,
    spec               text        not null,
    build_id           uuid,
    build_state        text        not null default 'NONE',
    build_asked_at     timestamptz,
    build_error_code   text,
    build_error        text,
    image              text,
    release_id         uuid,
    phases             text        not null default '{}',
    origin             text        not null,
    created_at         timestamptz not null,
    started_at         timestamptz,
    completed_at       timestamptz,
    updated_at         timestamptz not null
);

create index deployment_service on deployment (service_id, id);
create index deployment_active on deployment (service_id) where completed_at is null;

-- content never changes. deployed_at: when it last began to serve, null if it never did.
create table release (
    id           uuid primary key,
    service_id   uuid        not null,
    image_digest text        not null,
    content      text        not null,
    retained     boolean     not null default true,
    created_at   timestamptz not null,
    deployed_at  timestamptz
);

create index release_service on release (service_id, deployed_at);

-- wanted is planned here; everything from state on is what the agent said. A row goes when its removal is confirmed.
create table instance (
    id            uuid primary key,
    service_id    uuid        not null,
    project_id    uuid        not null,
    deployment_id uuid        not null,
    generation    bigint      not null,
    wanted        boolean     not null default true,
    created_at    timestamptz not null,
    routed        boolean     not null default false,
    removal_at    timestamptz,
    state         text        not null,
    state_at      timestamptz not null,
    node          text,
    address       text,
    port          int,
    error_code    text,
    error         text,
    last_lines    text        not null default '[]',
    last_exit     text,
    exited_at     timestamptz,
    phases        text        not null default '{}'
);

create index instance_service on instance (service_id);

create table gateway (
    id       text primary key,
    alive_at timestamptz not null,
    stopped  boolean     not null default false
);

create table route_served (
    host       text   not null,
    gateway    text   not null,
    generation bigint not null,
    primary key (host, gateway)
);

-- source is the build or the instance; id orders what followers see.
create table log_line (
    id            bigint generated always as identity primary key,
    service_id    uuid        not null,
    deployment_id uuid,
    source        uuid        not null,
    seq           bigint      not null,
    runtime       boolean     not null,
    logged_at     timestamptz not null,
    stored_at     timestamptz not null,
    stream        text        not null,
    text          text        not null,
    unique (source, seq)
);

create index log_line_service on log_line (service_id, id) where runtime;
create index log_line_deployment on log_line (deployment_id, runtime, id);
create index log_line_stored_at on log_line using brin (stored_at);
