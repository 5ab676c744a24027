-- What the services of a project may refer to; values only sealed.
create table shared_variables (
    project_id uuid primary key references project (id),
    revision   bigint not null,
    variables  jsonb  not null
);
