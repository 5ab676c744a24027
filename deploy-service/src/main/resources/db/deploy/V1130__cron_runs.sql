-- One row per scheduled service; its lock orders everything done to the service's runs. next_at belongs to cron and time_zone.
create table cron_service (
    service_id uuid primary key,
    project_id uuid not null,
    cron       text,
    time_zone  text,
    next_at    timestamptz
);

-- One row per run, also of those that did not take place. instance_gone: nothing of it is left to remove.
create table cron_run (
    id            uuid primary key,
    service_id    uuid        not null,
    project_id    uuid        not null,
    deployment_id uuid        not null,
    release_id    uuid        not null,
    instance_id   uuid unique,
    trigger       text        not null,
    scheduled_at  timestamptz not null,
    status        text        not null,
    created_at    timestamptz not null,
    deadline      timestamptz,
    started_at    timestamptz,
    ended_at      timestamptz,
    exit_code     int,
    error_code    text,
    error         text,
    instance_gone boolean     not null default true,
    removal_at    timestamptz,
    origin        text        not null
);

-- At one scheduled time a service runs at most once, whoever starts it.
create unique index cron_run_once on cron_run (service_id, scheduled_at) where trigger = 'SCHEDULE';
create unique index cron_run_one_at_a_time on cron_run (service_id) where status = 'RUNNING';
create index cron_run_service on cron_run (service_id, id);
create index log_line_source on log_line (source, id);
