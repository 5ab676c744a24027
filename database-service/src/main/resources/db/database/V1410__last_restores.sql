-- The last time that each database was to go back to a backup of its own, and what came of it.
create table last_restore (
    database_id     uuid        primary key references database (id) on delete cascade,
    backup_id       uuid        not null,
    target          timestamptz,
    status          text        not null check (status in ('RUNNING', 'SUCCEEDED', 'FAILED')),
    failure_code    text,
    failure_message text,
    started_at      timestamptz not null,
    ended_at        timestamptz
);
