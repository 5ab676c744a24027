-- The write-ahead log of one volume, from one moment on and without a gap; where it breaks off another row begins. It outlives its
-- database as long as a backup does that begins in it. Times of commits are the engine's, segments are counted from the log's first.
create table wal_archive (
    id             uuid primary key,
    database_id    uuid        not null,
    volume_id      uuid        not null,
    timeline       bigint      not null,
    segment_bytes  bigint      not null,
    -- Stored are those from the first (less what was pruned) up to the next.
    first_segment  bigint      not null,
    next_segment   bigint      not null,
    begun_at       timestamptz not null,
    -- Every commit up to then is stored, and a later one.
    covered_until  timestamptz,
    -- What the engine shows as long as nothing was committed since, and until when it did.
    quiet_snapshot text,
    quiet_until    timestamptz,
    ended_at       timestamptz,
    end_reason     text
);
create unique index wal_archive_of_volume on wal_archive (volume_id) where ended_at is null;
create index wal_archive_of_database on wal_archive (database_id);

-- How the last look at a database's log went.
create table wal_look (
    database_id   uuid primary key references database (id) on delete cascade,
    looked_at     timestamptz not null,
    failure       text,
    failing_since timestamptz
);

-- The archive that goes on from a backup, the segment from which it is needed, and a time at which the backup was certainly taken.
alter table database_backup add column archive_id uuid;
alter table database_backup add column first_segment bigint;
alter table database_backup add column base_at timestamptz;
create index database_backup_archive on database_backup (archive_id);

-- Where a backup is the beginning of a way to a point in time.
alter table database add column recovery_archive uuid;
alter table database add column recovery_target timestamptz;
-- Whether the engine has all that it needs for it.
alter table database add column recovery_handed boolean not null default false;

-- Passwords that data of then have; the present one is the database's.
create table replaced_password (
    database_id uuid        not null,
    until       timestamptz not null,
    password    text        not null,
    primary key (database_id, until)
);
