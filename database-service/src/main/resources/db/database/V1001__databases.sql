create table database (
    id uuid primary key,
    owner_id uuid not null,
    project_id uuid,
    name text not null,
    type text not null,
    version text not null,
    plan text not null,
    region text not null,
    wanted text not null,
    status text not null,
    status_since timestamptz not null,
    failure_code text,
    failure_message text,
    -- How often in a row it could not be brought up, and when that is tried again.
    failures int not null default 0,
    retry_at timestamptz,
    username text not null,
    database_name text not null,
    password text not null,
    next_password text,
    admin_password text not null,
    private_name text not null unique,
    -- As what the agent knows its volume.
    volume_id uuid not null,
    -- Of what its instance is made; a new one takes the place of one of an older revision.
    revision bigint not null default 1,
    -- Of what its variables say.
    variables_revision bigint not null default 1,
    generation bigint not null default 0,
    image text,
    address text,
    port int,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create unique index database_name_per_owner on database (owner_id, lower(name)) where wanted <> 'DELETED';
create index database_of_project on database (project_id);

create table database_instance (
    id uuid primary key,
    database_id uuid not null references database (id) on delete cascade,
    volume_id uuid not null,
    revision bigint not null,
    generation bigint not null,
    state text not null,
    address text,
    port int,
    failure_code text,
    failure_message text,
    created_at timestamptz not null
);
create index database_instance_of on database_instance (database_id);

-- An engine's image with guest-init in it, shared by the databases that are made of it.
create table engine_image (
    reference text primary key,
    build_id uuid not null unique,
    state text not null,
    image text,
    failure_code text,
    failure_message text,
    requested_at timestamptz not null,
    ended_at timestamptz
);
