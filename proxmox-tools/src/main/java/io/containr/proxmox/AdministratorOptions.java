package io.containr.proxmox;

import io.containr.agent.proxmox.ProxmoxConnection;
import io.containr.agent.proxmox.ProxmoxConnection.Endpoint;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Somebody who may change the cluster: by a token, or by name and password. */
public final class AdministratorOptions {

    @Option(
            names = "--admin-token-file",
            description = "holds user@realm!tokenid=secret of an administrator, such as root@pam!setup")
    private @Nullable Path tokenFile;

    @Option(names = "--admin", defaultValue = "root@pam", description = "who signs in (${DEFAULT-VALUE})")
    private String user = "root@pam";

    @Option(
            names = "--password",
            interactive = true,
            echo = false,
            arity = "0..1",
            description = "is asked for where there is no token")
    private char @Nullable [] password;

    /** @throws IOException if there is neither token nor password */
    ProxmoxConnection connect(Endpoint endpoint) throws IOException, GeneralSecurityException {
        if (tokenFile != null) {
            return ProxmoxConnection.open(endpoint, ProxmoxConnection.tokenIn(tokenFile));
        }
        if (password == null) {
            throw new IOException("give an administrator's --admin-token-file, or --password to be asked for one");
        }
        try (ProxmoxConnection nobody = ProxmoxConnection.open(endpoint, Map.of())) {
            JsonNode ticket = nobody.transport()
                    .post(Map.of("username", user, "password", String.valueOf(password)), "/access/ticket");
            if (ticket.has("NeedTFA")) {
                throw new IOException(user + " has a second factor: make an API token and use --admin-token-file");
            }
            return ProxmoxConnection.open(
                    endpoint,
                    Map.of(
                            "Cookie",
                            "PVEAuthCookie="
                                    + URLEncoder.encode(ticket.path("ticket").asString(""), StandardCharsets.UTF_8),
                            "CSRFPreventionToken",
                            ticket.path("CSRFPreventionToken").asString("")));
        }
    }
}
