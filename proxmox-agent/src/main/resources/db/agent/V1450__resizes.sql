-- Instances that are given other limits or a larger volume while they run: WANTED, or REFUSED by the hypervisor; null: they have theirs.
-- Until its node has room for more memory, what an instance holds of it is less than its specification says; null: as that says.
alter table instance
    add column resize          text,
    add column resize_told     text,
    add column held_memory_mib bigint,
    add column admitted        text[] not null default '{}';
create index instance_resize on instance (id) where resize = 'WANTED';

-- Networks beside its project's addresses that a guest was told to let in.
alter table guest_firewall add column admitted text[] not null default '{}';

create function add_node_load(at text, spec text, held bigint, sign int) returns void language sql as $$
    insert into node_load (node, memory_mib, cpu_millis)
    values (at,
            sign * coalesce(held, (spec::jsonb -> 'resources' ->> 'memoryMiB')::bigint, 0),
            sign * coalesce((spec::jsonb -> 'resources' ->> 'cpuMillis')::bigint, 0))
    on conflict (node) do update
    set memory_mib = node_load.memory_mib + excluded.memory_mib, cpu_millis = node_load.cpu_millis + excluded.cpu_millis
$$;

create or replace function keep_node_load() returns trigger language plpgsql as $$
declare
    leaves boolean := tg_op <> 'INSERT' and old.node is not null and old.phase <> 'REMOVED';
    comes  boolean := tg_op <> 'DELETE' and new.node is not null and new.phase <> 'REMOVED';
begin
    if leaves and comes and new.node < old.node then
        perform add_node_load(new.node, new.spec, new.held_memory_mib, 1);
        perform add_node_load(old.node, old.spec, old.held_memory_mib, -1);
        return null;
    end if;
    if leaves then
        perform add_node_load(old.node, old.spec, old.held_memory_mib, -1);
    end if;
    if comes then
        perform add_node_load(new.node, new.spec, new.held_memory_mib, 1);
    end if;
    return null;
end
$$;
drop function add_node_load(text, text, int);

drop trigger instance_load_moved on instance;
create trigger instance_load_moved after update on instance for each row
    when (old.node is distinct from new.node or old.spec is distinct from new.spec
          or old.held_memory_mib is distinct from new.held_memory_mib
          or (old.phase = 'REMOVED') <> (new.phase = 'REMOVED'))
    execute function keep_node_load();
