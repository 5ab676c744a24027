-- Backups of volumes: one row for each that was ever asked for, until it is deleted. Without a task id the dump was meant to begin at that time.
create table backup (
    id              uuid primary key,
    service_id      uuid        not null,
    deletion        boolean     not null default false,
    state           text        not null,
    node            text,
    vmid            int,
    task_upid       text,
    task_since      timestamptz,
    attempts        int         not null default 0,
    last_error      text,
    archive         text,
    size_bytes      bigint,
    taken_at        timestamptz,
    asked_at        timestamptz not null
);

-- Volumes made of backups, by the service that gets one. The holder is the instance whose guest has it until one of the service's takes it.
create table restoration (
    service_id      uuid primary key,
    backup_id       uuid        not null,
    state           text        not null,
    holder          uuid        not null,
    task_upid       text,
    task_since      timestamptz,
    attempts        int         not null default 0,
    last_error      text,
    asked_at        timestamptz not null
);
