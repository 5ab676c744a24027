-- Instances that are given other limits or a larger volume while they run: WANTED, or REFUSED by the hypervisor; null: they have theirs.
alter table instance
    add column resize      text,
    add column resize_told text,
    add column admitted    text[] not null default '{}';
create index instance_resize on instance (id) where resize = 'WANTED';

-- Networks beside its project's addresses that a guest was told to let in.
alter table guest_firewall add column admitted text[] not null default '{}';
