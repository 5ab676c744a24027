-- The archives of completed backups, as files. A row goes once the archive and its copy have gone.
create table backup_archive (
    backup_id   uuid primary key,
    database_id uuid not null,
    node        text not null,
    volume      text not null,
    -- SHA-256; the file's time of modification when it was read whole, and when that was.
    checksum    text,
    modified_at timestamptz,
    checked_at  timestamptz,
    copied_at   timestamptz,
    failure     text,
    deleted     boolean not null default false
);
create index backup_archive_of on backup_archive (database_id);

-- Volumes that are to be made of a backup whose archive is looked at first.
create table restore_order (
    volume_id  uuid primary key,
    backup_id  uuid not null,
    ordered_at timestamptz not null
);
