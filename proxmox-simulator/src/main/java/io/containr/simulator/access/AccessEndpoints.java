package io.containr.simulator.access;

import io.containr.simulator.access.AccessState.AclEntry;
import io.containr.simulator.api.ApiException;
import io.containr.simulator.api.Call;
import io.containr.simulator.api.Router;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Users, roles, tokens, access lists and pools by API. */
public final class AccessEndpoints {

    private final AccessControl access;
    private final Pools pools;
    private final Tickets tickets;
    private final @Nullable String rootPassword;

    /** @param rootPassword of {@code root@pam}; null lets nobody sign in with a password */
    public AccessEndpoints(AccessControl access, Pools pools, Tickets tickets, @Nullable String rootPassword) {
        this.access = access;
        this.pools = pools;
        this.tickets = tickets;
        this.rootPassword = rootPassword;
    }

    public void addTo(Router router) {
        router.add("POST /access/ticket", this::ticket)
                .add("GET /access/permissions", this::permissions)
                .add("GET /access/users", this::users)
                .add("POST /access/users", this::addUser)
                .add("GET /access/users/{userid}/token", this::tokens)
                .add("POST /access/users/{userid}/token/{tokenid}", this::addToken)
                .add("DELETE /access/users/{userid}/token/{tokenid}", this::removeToken)
                .add("GET /access/roles", this::roles)
                .add("POST /access/roles", this::addRole)
                .add("PUT /access/roles/{roleid}", this::changeRole)
                .add("GET /access/acl", this::acl)
                .add("PUT /access/acl", this::changeAcl)
                .add("POST /pools", this::addPool)
                .add("PUT /pools", this::changePool)
                .add("DELETE /pools", this::deletePool);
    }

    private Object ticket(Call call) {
        String user = call.text("username");
        String password = call.text("password");
        boolean renewed = tickets.verify(password)
                .filter(caller -> caller.user().equals(user))
                .isPresent();
        boolean known = user.equals(Caller.ROOT) && rootPassword != null && AccessControl.same(rootPassword, password);
        if (!renewed && !known) {
            throw ApiException.wrongPassword();
        }
        Caller caller = new Caller(user, null);
        Map<String, Object> capabilities = new LinkedHashMap<>();
        for (String path : List.of("/vms", "/storage", "/nodes", "/access", "/sdn")) {
            capabilities.put(path.substring(1), shown(access.privileges(caller, path)));
        }
        return Map.of(
                "username",
                user,
                "ticket",
                tickets.issue(user),
                "CSRFPreventionToken",
                tickets.csrf(user),
                "cap",
                capabilities);
    }

    private static Map<String, Integer> shown(Map<String, Boolean> privileges) {
        Map<String, Integer> shown = new TreeMap<>();
        privileges.forEach((name, propagate) -> shown.put(name, propagate ? 1 : 0));
        return shown;
    }

    private Object permissions(Call call) {
        Caller subject = call.caller();
        String asked = call.optional("userid");
        if (asked != null && !asked.equals(subject.id())) {
            access.require(subject, "/access", "Sys.Audit");
            String[] parts = asked.split("!", 2);
            subject = new Caller(parts[0], parts.length == 2 ? parts[1] : null);
        }
        Set<String> paths = call.has("path") ? Set.of(call.text("path")) : access.knownPaths();
        Map<String, Object> shown = new TreeMap<>();
        for (String path : paths) {
            Map<String, Boolean> privileges = access.privileges(subject, path);
            if (!privileges.isEmpty() || call.has("path")) {
                shown.put(path, shown(privileges));
            }
        }
        return shown;
    }

    private Object users(Call call) {
        boolean all = access.allowed(call.caller(), "/access", "Sys.Audit");
        return access.users().stream()
                .filter(user -> all || user.equals(call.caller().user()))
                .sorted()
                .map(user -> Map.of("userid", user, "enable", 1, "expire", 0))
                .toList();
    }

    private @Nullable Object addUser(Call call) {
        access.addUser(call.text("userid"));
        return null;
    }

    private Object addToken(Call call) {
        boolean separate = call.flag("privsep", true);
        ApiToken token = access.addToken(call.text("userid"), call.text("tokenid"), separate, call.text("comment", ""));
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("privsep", separate ? "1" : "0");
        if (call.has("comment")) {
            info.put("comment", call.text("comment"));
        }
        return Map.of("full-tokenid", token.id(), "value", token.secret(), "info", info);
    }

    private Object tokens(Call call) {
        List<Map<String, Object>> shown = new ArrayList<>();
        access.tokensOf(call.text("userid")).forEach((name, separate) -> {
            Map<String, Object> token = new LinkedHashMap<>();
            token.put("tokenid", name);
            token.put("privsep", separate ? 1 : 0);
            token.put("expire", 0);
            shown.add(token);
        });
        return shown;
    }

    private @Nullable Object removeToken(Call call) {
        access.removeToken(call.text("userid"), call.text("tokenid"));
        return null;
    }

    private Object roles(Call call) {
        List<Map<String, Object>> shown = new ArrayList<>();
        access.roles()
                .forEach((role, privileges) -> shown.add(Map.of(
                        "roleid",
                        role,
                        "privs",
                        String.join(",", privileges),
                        "special",
                        role.equals(Privileges.ADMINISTRATOR) || role.equals(Privileges.NO_ACCESS) ? 1 : 0)));
        return shown;
    }

    private @Nullable Object addRole(Call call) {
        String role = call.text("roleid");
        if (access.roles().containsKey(role)) {
            throw ApiException.failed("role '" + role + "' already exists");
        }
        access.putRole(role, words(call.text("privs", "")));
        return null;
    }

    private @Nullable Object changeRole(Call call) {
        String role = call.text("roleid");
        Set<String> before = access.roles().get(role);
        if (before == null) {
            throw ApiException.failed("role '" + role + "' does not exist");
        }
        Set<String> privileges = words(call.text("privs", ""));
        if (call.flag("append")) {
            privileges.addAll(before);
        }
        access.putRole(role, privileges);
        return null;
    }

    private static Set<String> words(String list) {
        return Arrays.stream(list.split("[,;\\s\\x00]+"))
                .filter(word -> !word.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Object acl(Call call) {
        return access.acl().stream()
                .filter(entry -> access.allowed(call.caller(), entry.path(), "Permissions.Modify")
                        || access.allowed(call.caller(), "/access", "Sys.Audit"))
                .map(entry -> Map.of(
                        "path", entry.path(),
                        "type", entry.kind(),
                        "ugid", entry.subject(),
                        "roleid", entry.role(),
                        "propagate", entry.propagate() ? 1 : 0))
                .toList();
    }

    private @Nullable Object changeAcl(Call call) {
        boolean propagate = call.flag("propagate", true);
        for (String role : words(call.text("roles"))) {
            words(call.text("users", "")).forEach(user -> change(call, "user", user, role, propagate));
            words(call.text("tokens", "")).forEach(token -> change(call, "token", token, role, propagate));
        }
        return null;
    }

    private void change(Call call, String kind, String subject, String role, boolean propagate) {
        AclEntry entry = new AclEntry(call.text("path"), kind, subject, role, propagate);
        if (call.flag("delete")) {
            access.revoke(entry);
        } else {
            access.grant(entry);
        }
    }

    private @Nullable Object addPool(Call call) {
        pools.create(call.text("poolid"), call.text("comment", ""));
        return null;
    }

    private @Nullable Object changePool(Call call) {
        String pool = call.text("poolid");
        pools.get(pool);
        if (call.has("comment")) {
            pools.comment(pool, call.text("comment"));
        }
        boolean delete = call.flag("delete");
        for (String text : words(call.text("vms", ""))) {
            int vmid = Integer.parseInt(text);
            access.require(call.caller(), "/vms/" + vmid, true, List.of("Pool.Allocate", "VM.Allocate"));
            if (delete) {
                pools.removeGuest(pool, vmid);
                continue;
            }
            pools.poolOf(vmid).filter(other -> !other.equals(pool)).ifPresent(other -> {
                if (!call.flag("allow-move")) {
                    throw ApiException.failed("update pools failed: VM " + vmid + " is already a pool member");
                }
                pools.removeGuest(other, vmid);
            });
            pools.addGuest(pool, vmid);
        }
        for (String storage : words(call.text("storage", ""))) {
            if (delete) {
                pools.removeStorage(pool, storage);
            } else {
                pools.addStorage(pool, storage);
            }
        }
        return null;
    }

    private @Nullable Object deletePool(Call call) {
        pools.delete(call.text("poolid"));
        return null;
    }
}
