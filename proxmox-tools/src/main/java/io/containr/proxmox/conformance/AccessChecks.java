package io.containr.proxmox.conformance;

import static io.containr.proxmox.conformance.CheckFailedException.unless;

import io.containr.agent.proxmox.ProxmoxConnection;
import io.containr.agent.proxmox.ProxmoxConnection.Endpoint;
import io.containr.agent.proxmox.ProxmoxException;
import io.containr.agent.proxmox.ProxmoxFailure;
import io.containr.agent.proxmox.SupportedVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Who is let in, and how far. */
final class AccessChecks {

    private final Lab lab;

    AccessChecks(Lab lab) {
        this.lab = lab;
    }

    List<Check> all() {
        return List.of(
                new Check("access", "the version is supported", this::version),
                new Check("access", "another certificate is not believed", this::certificate),
                new Check("access", "a wrong secret is refused, without a body", this::wrongSecret),
                new Check("access", "nobody is refused", this::nobody),
                new Check("access", "a token cannot sign in", this::ticket),
                new Check("access", "the rights that are needed are there", this::rights),
                new Check("access", "no guest outside the pool", () -> refusedGuest(Map.of(), "pool")),
                new Check("access", "no privileged guest", () -> refusedGuest(Map.of("unprivileged", "0"), "")),
                new Check(
                        "access",
                        "no directory of the node in a guest",
                        () -> refusedGuest(Map.of("mp0", "/etc,mp=/host"), "")),
                new Check(
                        "access",
                        "no features beyond nesting",
                        () -> refusedGuest(Map.of("features", "nesting=1,keyctl=1"), "")),
                new Check("access", "no tags at creation", () -> refusedGuest(Map.of("tags", Lab.TAG), "")));
    }

    private String version() {
        String version = lab.proxmox().version();
        unless(SupportedVersion.isSupported(version), version + " is older than 9.1");
        return version;
    }

    private String certificate() throws Exception {
        Endpoint endpoint = lab.target().endpoint();
        Endpoint other =
                new Endpoint(endpoint.url(), "00".repeat(32), null, endpoint.connectTimeout(), endpoint.readTimeout());
        try (ProxmoxConnection connection = ProxmoxConnection.open(
                other, ProxmoxConnection.token(lab.target().token()))) {
            connection.proxmox().version();
            throw new CheckFailedException("talked to a server with another certificate");
        } catch (ProxmoxException e) {
            unless(String.valueOf(e.getMessage()).contains("another certificate"), "other reason: " + e.getMessage());
            return e.failure().name();
        }
    }

    private String wrongSecret() throws Exception {
        String token = lab.target().token();
        String wrong = token.substring(0, token.indexOf('=') + 1) + "00000000-0000-0000-0000-000000000000";
        String said = refusedWith(ProxmoxConnection.token(wrong));
        unless(said.endsWith("401 no message"), "has a body: " + said);
        return said;
    }

    private String nobody() throws Exception {
        return refusedWith(Map.of());
    }

    private String refusedWith(Map<String, String> credentials) throws Exception {
        try (ProxmoxConnection connection = ProxmoxConnection.open(lab.target().endpoint(), credentials)) {
            return Lab.refused(() -> connection.proxmox().version(), ProxmoxFailure.UNAUTHENTICATED);
        }
    }

    private String ticket() {
        return Lab.refused(
                () -> lab.http().post(Map.of("username", "root@pam", "password", "none"), "/access/ticket"),
                ProxmoxFailure.DENIED);
    }

    private String rights() {
        Target target = lab.target();
        JsonNode held = lab.http().get("/access/permissions");
        List<String> missing = new ArrayList<>();
        AgentRights.of(target.pool(), target.node(), storages(), target.bridge())
                .forEach((path, privileges) -> {
                    JsonNode here = effective(held, path);
                    privileges.stream()
                            .filter(privilege -> here.path(privilege).asInt(0) == 0 && !here.has(privilege))
                            .forEach(privilege -> missing.add(path + " " + privilege));
                });
        unless(missing.isEmpty(), "missing: " + missing);
        return held.size() + " paths";
    }

    /** The listing names only paths with an entry; what is granted above reaches below. */
    private static JsonNode effective(JsonNode held, String path) {
        String at = path;
        while (!held.has(at) && at.length() > 1) {
            at = at.lastIndexOf('/') == 0 ? "/" : at.substring(0, at.lastIndexOf('/'));
        }
        return held.path(at);
    }

    private List<String> storages() {
        Target target = lab.target();
        return List.of(target.templateStorage(), target.rootStorage(), target.backupStorage());
    }

    /** Asks for an ordinary guest with something that is too much, or without its pool. */
    private String refusedGuest(Map<String, String> change, String without) {
        int vmid = lab.vmid(9);
        Map<String, String> form = new TreeMap<>(Map.of(
                "vmid",
                Integer.toString(vmid),
                "ostemplate",
                lab.template(),
                "description",
                Lab.MARK + " " + lab.image().run(),
                "pool",
                lab.target().pool(),
                "ostype",
                "unmanaged",
                "rootfs",
                lab.target().rootStorage() + ":0.25"));
        form.putAll(change);
        form.remove(without);
        return Lab.refused(() -> lab.http().post(form, "/nodes/{node}/lxc", lab.node()), ProxmoxFailure.DENIED);
    }
}
