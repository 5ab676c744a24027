-- While it is made of a backup, or goes back to one: the backup, the volume that is being made of it, and what is kept until the restored
-- state answered. A drill is a database that is nobody's and goes once it answered.
alter table database add column recovery_backup uuid;
alter table database add column next_volume_id uuid;
alter table database add column previous_volume_id uuid;
alter table database add column previous_password text;
alter table database add column drill boolean not null default false;
create index database_next_volume on database (next_volume_id);

create table database_backup (
    id uuid primary key,
    database_id uuid not null,
    owner_id uuid not null,
    project_id uuid,
    volume_id uuid not null,
    trigger text not null,
    status text not null,
    failure_code text,
    failure_message text,
    -- As the database was: what a restore of it needs.
    type text not null,
    version text not null,
    plan text not null,
    image text not null,
    username text not null,
    database_name text not null,
    password text not null,
    -- What a drill must find again; null where nothing was written before it was taken.
    canary text,
    size_bytes bigint,
    archive text,
    created_at timestamptz not null,
    -- Whether the agent was told.
    commanded boolean not null default false,
    completed_at timestamptz,
    verified_at timestamptz,
    drill_failure text,
    -- When it goes; null while it is kept.
    expires_at timestamptz,
    deletion boolean not null default false
);
create index database_backup_of on database_backup (database_id, created_at);
create unique index database_backup_at_once on database_backup (database_id) where status = 'IN_PROGRESS';

create table backup_schedule (
    database_id uuid primary key references database (id) on delete cascade,
    next_at timestamptz not null
);
