package io.containr.simulator.access;

import io.containr.simulator.access.AccessState.AclEntry;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Sets up the user, token, pool and rights that are just enough to run guests in one pool. */
public final class LeastPrivilege {

    private static final Map<String, Set<String>> ROLES = Map.of(
            "ContainrGuests",
                    Set.of(
                            "VM.Allocate",
                            "VM.Audit",
                            "VM.Clone",
                            "VM.Config.CPU",
                            "VM.Config.Disk",
                            "VM.Config.Memory",
                            "VM.Config.Network",
                            "VM.Config.Options",
                            "VM.PowerMgmt",
                            "VM.Snapshot",
                            "VM.Snapshot.Rollback",
                            "VM.Backup",
                            "VM.Console",
                            "Pool.Audit"),
            "ContainrStorage",
                    Set.of(
                            "Datastore.Allocate",
                            "Datastore.AllocateSpace",
                            "Datastore.AllocateTemplate",
                            "Datastore.Audit"),
            "ContainrNetwork", Set.of("SDN.Use"),
            "ContainrNode", Set.of("Sys.Audit", "Sys.AccessNetwork"));

    private final AccessControl access;
    private final Pools pools;

    public LeastPrivilege(AccessControl access, Pools pools) {
        this.access = access;
        this.pools = pools;
    }

    /** Called again, it returns the same token. User and token are named after the pool: {@code containr@pve!agent}. */
    public ApiToken setUp(String pool, Collection<String> nodes, Collection<String> storages) {
        String user = pool + "@pve";
        String id = user + "!agent";
        if (!pools.exists(pool)) {
            pools.create(pool, "");
        }
        if (!access.hasUser(user)) {
            access.addUser(user);
        }
        ApiToken token = access.token(id)
                .orElseGet(
                        () -> access.putToken(new ApiToken(id, UUID.randomUUID().toString()), true, ""));
        ROLES.forEach(access::putRole);
        grant(user, token, "/pool/" + pool, "ContainrGuests");
        storages.forEach(storage -> grant(user, token, "/storage/" + storage, "ContainrStorage"));
        grant(user, token, "/sdn/zones/localnetwork", "ContainrNetwork");
        nodes.forEach(node -> grant(user, token, "/nodes/" + node, "ContainrNode"));
        return token;
    }

    /** The all-powerful token {@code root@pam!NAME}; the same one when called again. */
    public ApiToken rootToken(String name) {
        String id = Caller.ROOT + "!" + name;
        return access.token(id)
                .orElseGet(
                        () -> access.putToken(new ApiToken(id, UUID.randomUUID().toString()), false, ""));
    }

    /** Adds a token whose secret was chosen outside, with roles on paths. */
    public void install(ApiToken token, Map<String, List<String>> rolesByPath) {
        access.putToken(token, false, "");
        rolesByPath.forEach((path, roles) ->
                roles.forEach(role -> access.grant(new AclEntry(path, "user", token.user(), role, true))));
    }

    private void grant(String user, ApiToken token, String path, String role) {
        access.grant(new AclEntry(path, "user", user, role, true));
        access.grant(new AclEntry(path, "token", token.id(), role, true));
    }
}
