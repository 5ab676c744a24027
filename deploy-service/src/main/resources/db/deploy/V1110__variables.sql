-- What the services of a project share, as last heard of.
create table shared_variables (
    project_id uuid primary key,
    revision   bigint not null,
    variables  text   not null
);

-- Names by which services of a project reach each other, given once.
create table private_name (
    service_id uuid primary key,
    project_id uuid not null,
    label      text not null,
    unique (project_id, label)
);
