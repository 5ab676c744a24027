-- What builds of users put into the registry under names and tags of their own.
create table named_image (
    repository text not null,
    tag        text not null,
    digest     text not null,
    primary key (repository, tag)
);
