package io.containr.proxmox.conformance;

import static io.containr.proxmox.conformance.CheckFailedException.unless;

import io.containr.agent.proxmox.ProxmoxConnection;
import io.containr.agent.proxmox.ProxmoxConnection.Endpoint;
import io.containr.agent.proxmox.ProxmoxException;
import io.containr.agent.proxmox.ProxmoxFailure;
import io.containr.agent.proxmox.SupportedVersion;
import io.containr.proxmox.setup.AgentRights;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
        String token = target.token().substring(0, target.token().indexOf('='));
        AgentRights rights = new AgentRights(
                target.pool(),
                token.substring(0, token.indexOf('!')),
                token.substring(token.indexOf('!') + 1),
                Set.of(target.node()),
                List.of(target.templateStorage(), target.rootStorage(), target.backupStorage()),
                target.bridge());
        JsonNode held = lab.http().get("/access/permissions");
        unless(rights.missing(held).isEmpty(), "missing: " + rights.missing(held));
        return held.size() + " paths";
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
