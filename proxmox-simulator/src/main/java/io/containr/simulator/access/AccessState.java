package io.containr.simulator.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the cluster knows of users and rights, as it is kept on disk. */
record AccessState(
        Set<String> users,
        Map<String, StoredToken> tokens,
        Map<String, Set<String>> roles,
        List<AclEntry> acl,
        Map<String, StoredPool> pools) {

    /** Key: {@code user@realm!token}. */
    record StoredToken(String secret, boolean separate, String comment) {}

    /** @param kind {@code user} or {@code token} */
    record AclEntry(String path, String kind, String subject, String role, boolean propagate) {}

    record StoredPool(String comment, Set<Integer> guests, Set<String> storages) {}

    static AccessState initial() {
        Map<String, Set<String>> roles = new TreeMap<>();
        roles.put(Privileges.ADMINISTRATOR, new TreeSet<>(Privileges.ALL));
        roles.put(Privileges.NO_ACCESS, new TreeSet<>());
        roles.put("PVEAuditor", Privileges.auditor());
        return new AccessState(
                new TreeSet<>(Set.of(Caller.ROOT)), new TreeMap<>(), roles, new ArrayList<>(), new TreeMap<>());
    }
}
