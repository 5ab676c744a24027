-- What is promised on each node, kept by triggers: to place one more guest, not all others are read.
create table node_load (
    node       text primary key,
    memory_mib bigint not null,
    cpu_millis bigint not null
);

create function add_node_load(at text, spec text, sign int) returns void language sql as $$
    insert into node_load (node, memory_mib, cpu_millis)
    values (at,
            sign * coalesce((spec::jsonb -> 'resources' ->> 'memoryMiB')::bigint, 0),
            sign * coalesce((spec::jsonb -> 'resources' ->> 'cpuMillis')::bigint, 0))
    on conflict (node) do update
    set memory_mib = node_load.memory_mib + excluded.memory_mib, cpu_millis = node_load.cpu_millis + excluded.cpu_millis
$$;

create function keep_node_load() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' and old.node is not null and old.phase <> 'REMOVED' then
        perform add_node_load(old.node, old.spec, -1);
    end if;
    if tg_op <> 'DELETE' and new.node is not null and new.phase <> 'REMOVED' then
        perform add_node_load(new.node, new.spec, 1);
    end if;
    return null;
end
$$;

create trigger instance_load after insert or delete on instance for each row execute function keep_node_load();
create trigger instance_load_moved after update on instance for each row
    when (old.node is distinct from new.node or old.spec is distinct from new.spec
          or (old.phase = 'REMOVED') <> (new.phase = 'REMOVED'))
    execute function keep_node_load();

insert into node_load (node, memory_mib, cpu_millis)
select node, coalesce(sum((spec::jsonb -> 'resources' ->> 'memoryMiB')::bigint), 0),
       coalesce(sum((spec::jsonb -> 'resources' ->> 'cpuMillis')::bigint), 0)
from instance where node is not null and phase <> 'REMOVED' group by node;

create index instance_number on instance (vmid);
create index instance_project on instance (project_id) where phase <> 'REMOVED';
create index volume_number on volume (vmid);
create index address_order on address ((address::inet));
