create table invitations (
    id            uuid        primary key,
    code_hash     text unique,
    created_by    uuid,
    created_at    timestamptz not null,
    expires_at    timestamptz,
    claimed_until timestamptz,
    used_by       uuid,
    used_at       timestamptz
);

create index invitations_created_by on invitations (created_by);

-- The first user comes by an invitation too: this one, which needs no code and never expires.
insert into invitations (id, created_at) values ('00000000-0000-0000-0000-000000000001', now());
