-- Which addresses a guest was told to let in as its project's, in their order.
create table guest_firewall (
    instance_id uuid primary key,
    project_id  uuid not null,
    members     text[] not null
);
create index guest_firewall_project on guest_firewall (project_id);
