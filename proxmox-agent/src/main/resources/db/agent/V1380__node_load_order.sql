-- Two instances that change their nodes in opposite directions at the same time: the rows of both nodes are taken in the same order.
create or replace function keep_node_load() returns trigger language plpgsql as $$
declare
    leaves boolean := tg_op <> 'INSERT' and old.node is not null and old.phase <> 'REMOVED';
    comes  boolean := tg_op <> 'DELETE' and new.node is not null and new.phase <> 'REMOVED';
begin
    if leaves and comes and new.node < old.node then
        perform add_node_load(new.node, new.spec, 1);
        perform add_node_load(old.node, old.spec, -1);
        return null;
    end if;
    if leaves then
        perform add_node_load(old.node, old.spec, -1);
    end if;
    if comes then
        perform add_node_load(new.node, new.spec, 1);
    end if;
    return null;
end
$$;
