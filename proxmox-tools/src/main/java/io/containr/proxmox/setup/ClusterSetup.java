package io.containr.proxmox.setup;

import io.containr.agent.proxmox.ProxmoxTransport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Makes roles, pool, user, token and grants, or what of them is missing. Nothing else is changed; called again, it changes nothing. */
public final class ClusterSetup {

    private final ProxmoxTransport http;
    private final AgentRights rights;

    /** @param http as an administrator */
    public ClusterSetup(ProxmoxTransport http, AgentRights rights) {
        this.http = http;
        this.rights = rights;
    }

    /**
     * @param tokenFile gets the token, readable by its owner alone
     * @param renew whether a token whose secret is not in the file is replaced by another; what uses it then stops working
     * @return what was done
     * @throws IOException if the token is there already and its secret is not in the file
     */
    public List<String> apply(Path tokenFile, boolean renew) throws IOException {
        List<String> done = new ArrayList<>();
        roles(done);
        if (names(http.get("/pools"), "poolid").add(rights.pool())) {
            http.post(Map.of("poolid", rights.pool()), "/pools");
            done.add("pool " + rights.pool());
        }
        if (names(http.get("/access/users"), "userid").add(rights.user())) {
            http.post(Map.of("userid", rights.user()), "/access/users");
            done.add("user " + rights.user());
        }
        token(tokenFile, renew, done);
        grants(done);
        return done;
    }

    private void roles(List<String> done) {
        Map<String, Set<String>> present = http.get("/access/roles")
                .valueStream()
                .collect(Collectors.toMap(
                        role -> role.path("roleid").asString(),
                        role -> new TreeSet<>(
                                List.of(role.path("privs").asString("").split(",")))));
        AgentRights.roles().forEach((role, privileges) -> {
            String joined = String.join(",", privileges);
            if (!present.containsKey(role)) {
                http.post(Map.of("roleid", role, "privs", joined), "/access/roles");
                done.add("role " + role);
            } else if (!present.get(role).equals(privileges)) {
                http.put(Map.of("privs", joined), "/access/roles/{role}", role);
                done.add("role " + role + " changed");
            }
        });
    }

    private void token(Path file, boolean renew, List<String> done) throws IOException {
        boolean there = names(http.get("/access/users/{user}/token", rights.user()), "tokenid")
                .contains(rights.tokenId());
        if (there && Files.exists(file) && Files.readString(file).startsWith(rights.token() + "=")) {
            return;
        }
        String path = "/access/users/{user}/token/{token}";
        if (there) {
            if (!renew) {
                throw new IOException("the token " + rights.token() + " is there already, but not in " + file
                        + ": give the file that has it, or replace the token with --renew-token");
            }
            http.delete(path, rights.user(), rights.tokenId());
        }
        JsonNode made = http.post(Map.of("privsep", "1"), path, rights.user(), rights.tokenId());
        write(file, rights.token() + "=" + made.path("value").asString());
        done.add("token " + rights.token() + ", in " + file);
    }

    private static void write(Path file, String token) throws IOException {
        Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent());
        Path fresh = Files.createTempFile(
                directory,
                "token",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(fresh, token + "\n");
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private void grants(List<String> done) {
        Set<String> present = http.get("/access/acl")
                .valueStream()
                .map(entry -> entry.path("path").asString("") + " "
                        + entry.path("ugid").asString("") + " "
                        + entry.path("roleid").asString(""))
                .collect(Collectors.toSet());
        rights.grants().forEach((path, role) -> {
            if (present.containsAll(
                    List.of(path + " " + rights.user() + " " + role, path + " " + rights.token() + " " + role))) {
                return;
            }
            http.put(
                    Map.of("path", path, "users", rights.user(), "tokens", rights.token(), "roles", role),
                    "/access/acl");
            done.add(role + " on " + path);
        });
    }

    private static Set<String> names(JsonNode list, String field) {
        return list.valueStream()
                .map(entry -> entry.path(field).asString(""))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
