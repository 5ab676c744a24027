-- The installation's certificate authority; its key is sealed.
create table certificate_authority (
    id          int primary key check (id = 1),
    private_key text        not null,
    certificate text        not null,
    created_at  timestamptz not null
);

-- Those that are there already go on without: their clients have URLs that say so.
alter table database add column encrypted boolean not null default false;
