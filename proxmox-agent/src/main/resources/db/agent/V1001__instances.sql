-- One row per instance ever asked for; a removed one stays for a while, so that a late command cannot bring it back.
create table instance (
    id              uuid primary key,
    service_id      uuid        not null,
    project_id      uuid        not null,
    deployment_id   uuid        not null,
    generation      bigint      not null,
    spec            text,
    desired         text        not null,
    phase           text        not null,
    phase_since     timestamptz not null,
    attempts        int         not null default 0,
    attempted_at    timestamptz,
    last_error      text,
    node            text,
    vmid            int,
    address         text,
    task            text,
    task_upid       text,
    task_since      timestamptz,
    placed_at       timestamptz,
    pulled_at       timestamptz,
    configured_at   timestamptz,
    started_at      timestamptz,
    drain_until     timestamptz,
    stop_grace_ms   bigint,
    failure_code    text,
    failure_message text,
    correlation_id  uuid        not null,
    causation_id    uuid,
    actor_id        text,
    actor_email     text
);

create unique index instance_vmid on instance (vmid) where phase <> 'REMOVED';
create index instance_phase on instance (phase);
create index instance_service on instance (service_id);

-- Every address ever given away; without an instance it rests until it may be given away again.
create table address (
    address     text primary key,
    instance_id uuid unique references instance (id),
    released_at timestamptz
);

-- Images on nodes. Without a task id the pull was meant to begin at that time.
create table template (
    node      text        not null,
    storage   text        not null,
    digest    text        not null,
    volid     text        not null,
    state     text        not null,
    task_upid text,
    since     timestamptz not null,
    last_used timestamptz not null,
    primary key (node, storage, digest)
);

-- The latest word on which images of a service may still be needed.
create table retained_images (
    service_id uuid primary key,
    digests    text[] not null
);

-- What a guest may show to be let in, as SHA-256, and what it told last.
create table guest_session (
    instance_id   uuid primary key references instance (id) on delete cascade,
    first_token   bytea,
    session_token bytea,
    acked         bigint not null default 0,
    app_state     text,
    app_exits     int    not null default 0,
    app_reason    text,
    app_at        timestamptz
);
