-- base_url: null where it is the provider's own cloud. token: sealed.
create table git_provider (
    id         uuid primary key,
    owner_id   uuid        not null,
    kind       text        not null,
    name       text        not null,
    base_url   text,
    account    text        not null,
    token      text        not null,
    created_at timestamptz not null
);

create index git_provider_owner on git_provider (owner_id, id);
