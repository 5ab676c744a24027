-- Tasks on guests of ours that no instance owns, until their end was told: one at a time for each guest. Without upid it was meant to
-- begin, and maybe did.
create table unowned_task (
    vmid    integer     primary key,
    node    text        not null,
    type    text        not null,
    subject text        not null,
    upid    text,
    since   timestamptz not null
);
