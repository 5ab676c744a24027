-- Keycloak decides who exists and under which address; this is what it does not keep.
create table users (
    id         uuid        primary key,
    email      text        not null,
    name       text        not null,
    avatar_url text,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
