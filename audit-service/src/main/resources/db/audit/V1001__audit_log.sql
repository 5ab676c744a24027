-- Rows are only ever added. hash = SHA-256 over the hash of the row before and everything in this row.
create table audit_entry (
    seq         bigint primary key,
    id          uuid        not null unique,
    type        text        not null,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null,
    user_id     text,
    user_email  text,
    resource    text        not null,
    resource_id text        not null,
    action      text        not null,
    project_id  uuid,
    details     text        not null,
    ip_address  text,
    user_agent  text,
    hash        bytea       not null
);

create index audit_entry_project on audit_entry (project_id, seq);

create function audit_entry_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'the audit log is append-only';
end
$$;

create trigger audit_entry_append_only
    before update or delete or truncate on audit_entry
    for each statement execute function audit_entry_is_append_only();

-- The end of the chain; its row lock makes one writer at a time.
create table audit_head (
    only_row boolean primary key default true check (only_row),
    seq      bigint not null,
    hash     bytea  not null
);

insert into audit_head (seq, hash) values (0, decode(repeat('00', 32), 'hex'));

-- Who owns a project, from the events themselves; kept after the project is gone.
create table project_owner (
    project_id uuid primary key,
    owner_id   uuid not null
);

-- Who may see which entry, with what they filter by: an index of its own over audit_entry, which can be made again from it.
create table audit_view (
    user_id     uuid   not null,
    seq         bigint not null,
    resource    text   not null,
    resource_id text   not null,
    action      text   not null,
    primary key (user_id, seq)
);

create index audit_view_action on audit_view (user_id, action, seq);
create index audit_view_resource on audit_view (user_id, resource, seq);
create index audit_view_resource_id on audit_view (user_id, resource, resource_id, seq);
