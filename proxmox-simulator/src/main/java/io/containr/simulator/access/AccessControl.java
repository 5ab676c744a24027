package io.containr.simulator.access;

import io.containr.simulator.access.AccessState.AclEntry;
import io.containr.simulator.access.AccessState.StoredToken;
import io.containr.simulator.api.ApiException;
import io.containr.simulator.schema.PermissionRule;
import io.containr.simulator.state.JsonFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Users, tokens, roles and access lists, evaluated as Proxmox does: the deepest path with an entry decides, a guest in a pool also gets
 * what is granted on the pool, and a separated token never has more than its user. Changes are on disk when a method returns.
 */
public final class AccessControl {

    private static final Pattern GUEST = Pattern.compile("/vms/(\\d{1,9})");
    private static final String STORAGE = "/storage/";

    private final JsonFile<AccessState> file;
    private final AccessState state;

    public AccessControl(Path directory) {
        file = new JsonFile<>(directory.resolve("access.json"), AccessState.class);
        state = file.read().orElseGet(AccessState::initial);
    }

    /** The caller a token belongs to; empty for an unknown token or a wrong secret. */
    public synchronized Optional<Caller> authenticate(String tokenId, String secret) {
        StoredToken token = state.tokens().get(tokenId);
        if (token == null || !same(token.secret(), secret)) {
            return Optional.empty();
        }
        int mark = tokenId.indexOf('!');
        return Optional.of(new Caller(tokenId.substring(0, mark), tokenId.substring(mark + 1)));
    }

    static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    /** Fails with Proxmox's own 403 unless the caller has all privileges (or any of them) on the path. */
    public void require(Caller caller, String path, boolean any, List<String> privileges) {
        if (!allowed(caller, path, any, privileges)) {
            if (any) {
                throw ApiException.forbidden(path, privileges);
            }
            Set<String> held = privileges(caller, path).keySet();
            throw ApiException.forbidden(
                    path,
                    privileges.stream()
                            .filter(name -> !held.contains(name))
                            .limit(1)
                            .toList());
        }
    }

    public void require(Caller caller, String path, String privilege) {
        require(caller, path, false, List.of(privilege));
    }

    public boolean allowed(Caller caller, String path, String privilege) {
        return allowed(caller, path, false, List.of(privilege));
    }

    public boolean allowed(Caller caller, String path, boolean any, List<String> privileges) {
        Set<String> held = privileges(caller, path).keySet();
        return any ? privileges.stream().anyMatch(held::contains) : held.containsAll(privileges);
    }

    /** Applies a declared rule; {@code caller} is null where nobody is signed in. */
    public void require(PermissionRule rule, @Nullable Caller caller, Map<String, String> parameters) {
        if (rule instanceof PermissionRule.World) {
            return;
        }
        if (caller == null) {
            throw ApiException.unauthorized("No ticket");
        }
        switch (rule) {
            case PermissionRule.World _, PermissionRule.Authenticated _ -> {}
            case PermissionRule.On on -> requireOn(on, caller, parameters);
            case PermissionRule.Self _ -> {
                if (!caller.user().equals(parameters.get("userid"))) {
                    throw ApiException.forbidden();
                }
            }
            case PermissionRule.All all -> all.rules().forEach(part -> require(part, caller, parameters));
            case PermissionRule.Any any -> {
                if (any.rules().stream().noneMatch(part -> holds(part, caller, parameters))) {
                    throw ApiException.forbidden();
                }
            }
        }
    }

    private void requireOn(PermissionRule.On on, Caller caller, Map<String, String> parameters) {
        if (on.parameter() != null && !parameters.containsKey(on.parameter())) {
            throw ApiException.forbidden();
        }
        String path = on.path();
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            path = path.replace("{" + parameter.getKey() + "}", parameter.getValue());
        }
        require(caller, path, on.any(), on.privileges());
    }

    private boolean holds(PermissionRule rule, Caller caller, Map<String, String> parameters) {
        try {
            require(rule, caller, parameters);
            return true;
        } catch (ApiException refused) {
            return false;
        }
    }

    /** Privileges on a path, each with whether it reaches the paths below. */
    public synchronized Map<String, Boolean> privileges(Caller caller, String path) {
        Map<String, Boolean> own =
                caller.user().equals(Caller.ROOT) ? everything() : granted("user", caller.user(), path);
        if (caller.token() == null) {
            return own;
        }
        StoredToken token = state.tokens().get(caller.id());
        if (token == null) {
            return Map.of();
        }
        if (!token.separate()) {
            return own;
        }
        Map<String, Boolean> both = new TreeMap<>(granted("token", caller.id(), path));
        both.keySet().retainAll(own.keySet());
        return both;
    }

    private static Map<String, Boolean> everything() {
        Map<String, Boolean> all = new TreeMap<>();
        Privileges.ALL.forEach(name -> all.put(name, true));
        return all;
    }

    private Map<String, Boolean> granted(String kind, String subject, String path) {
        Map<String, Boolean> privileges = new TreeMap<>(direct(kind, subject, path));
        poolsOf(path).forEach(pool -> direct(kind, subject, "/pool/" + pool).forEach(privileges::putIfAbsent));
        return privileges;
    }

    private Map<String, Boolean> direct(String kind, String subject, String path) {
        Map<String, Boolean> roles = Map.of();
        for (String prefix : prefixes(path)) {
            Map<String, Boolean> here = new TreeMap<>();
            for (AclEntry entry : state.acl()) {
                if (entry.path().equals(prefix)
                        && entry.kind().equals(kind)
                        && entry.subject().equals(subject)
                        && (entry.propagate() || prefix.equals(path))) {
                    here.put(entry.role(), entry.propagate());
                }
            }
            roles = here.isEmpty() ? roles : here;
        }
        Map<String, Boolean> privileges = new TreeMap<>();
        if (!roles.containsKey(Privileges.NO_ACCESS)) {
            roles.forEach((role, propagate) -> state.roles()
                    .getOrDefault(role, Set.of())
                    .forEach(name -> privileges.merge(name, propagate, Boolean::logicalOr)));
        }
        return privileges;
    }

    private static List<String> prefixes(String path) {
        List<String> prefixes = new ArrayList<>(List.of("/"));
        for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
            prefixes.add(path.substring(0, slash));
        }
        if (path.length() > 1) {
            prefixes.add(path);
        }
        return prefixes;
    }

    private List<String> poolsOf(String path) {
        Matcher guest = GUEST.matcher(path);
        Integer vmid = guest.matches() ? Integer.valueOf(guest.group(1)) : null;
        String storage = path.startsWith(STORAGE) ? path.substring(STORAGE.length()) : null;
        List<String> pools = new ArrayList<>();
        state.pools().forEach((id, pool) -> {
            if ((vmid != null && pool.guests().contains(vmid))
                    || (storage != null && pool.storages().contains(storage))) {
                pools.add(id);
            }
        });
        return pools;
    }

    /** Paths named in access lists, plus those of guests in pools: what a permission listing walks. */
    synchronized Set<String> knownPaths() {
        Set<String> paths = new TreeSet<>(Set.of("/", "/access", "/nodes", "/pool", "/sdn", "/storage", "/vms"));
        state.acl().forEach(entry -> paths.add(entry.path()));
        state.pools().forEach((id, pool) -> {
            paths.add("/pool/" + id);
            pool.guests().forEach(vmid -> paths.add("/vms/" + vmid));
            pool.storages().forEach(storage -> paths.add("/storage/" + storage));
        });
        return paths;
    }

    public synchronized void addUser(String user) {
        if (!state.users().add(user)) {
            throw ApiException.failed("create user failed: user '" + user + "' already exists");
        }
        save();
    }

    public synchronized boolean hasUser(String user) {
        return state.users().contains(user);
    }

    synchronized Set<String> users() {
        return Set.copyOf(state.users());
    }

    /** Makes a token; the secret is chosen here. */
    synchronized ApiToken addToken(String user, String name, boolean separate, String comment) {
        if (!state.users().contains(user)) {
            throw ApiException.failed("no such user ('" + user + "')");
        }
        String id = user + "!" + name;
        if (state.tokens().containsKey(id)) {
            throw ApiException.invalid("tokenid", "Token already exists.");
        }
        return putToken(new ApiToken(id, UUID.randomUUID().toString()), separate, comment);
    }

    /** Names of a user's tokens, each with whether its rights are separated. */
    synchronized Map<String, Boolean> tokensOf(String user) {
        Map<String, Boolean> names = new TreeMap<>();
        state.tokens().forEach((id, token) -> {
            if (id.startsWith(user + "!")) {
                names.put(id.substring(user.length() + 1), token.separate());
            }
        });
        return names;
    }

    /** From now on nobody gets in with the token; what was granted to it goes with it. */
    synchronized void removeToken(String user, String name) {
        String id = user + "!" + name;
        if (state.tokens().remove(id) == null) {
            throw ApiException.failed("no such token '" + name + "' for user '" + user + "'");
        }
        state.acl().removeIf(entry -> entry.subject().equals(id));
        save();
    }

    synchronized ApiToken putToken(ApiToken token, boolean separate, String comment) {
        state.users().add(token.user());
        state.tokens().put(token.id(), new StoredToken(token.secret(), separate, comment));
        save();
        return token;
    }

    /** The token as it was made, for whoever sets up the simulator; never reachable by the API. */
    public synchronized Optional<ApiToken> token(String id) {
        return Optional.ofNullable(state.tokens().get(id)).map(token -> new ApiToken(id, token.secret()));
    }

    synchronized void putRole(String role, Set<String> privileges) {
        for (String name : privileges) {
            if (!Privileges.ALL.contains(name)) {
                throw ApiException.invalid("privs", "invalid format - invalid privilege '" + name + "'\n");
            }
        }
        state.roles().put(role, new TreeSet<>(privileges));
        save();
    }

    synchronized Map<String, Set<String>> roles() {
        return new TreeMap<>(state.roles());
    }

    synchronized List<AclEntry> acl() {
        return List.copyOf(state.acl());
    }

    synchronized void grant(AclEntry entry) {
        if (!state.roles().containsKey(entry.role())) {
            throw ApiException.failed("ACL update failed: role '" + entry.role() + "' does not exist");
        }
        revoke(entry);
        state.acl().add(entry);
        save();
    }

    synchronized void revoke(AclEntry entry) {
        state.acl()
                .removeIf(known -> known.path().equals(entry.path())
                        && known.subject().equals(entry.subject())
                        && known.role().equals(entry.role()));
        save();
    }

    /** Drops what was granted on a guest and takes it out of its pool, as destroying it does. */
    public synchronized void forgetGuest(int vmid) {
        state.acl().removeIf(entry -> entry.path().equals("/vms/" + vmid));
        state.pools().values().forEach(pool -> pool.guests().remove(vmid));
        save();
    }

    /** The state behind pools; callers hold this object's monitor. */
    AccessState state() {
        return state;
    }

    void save() {
        file.write(state);
    }
}
