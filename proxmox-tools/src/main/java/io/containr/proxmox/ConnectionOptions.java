package io.containr.proxmox;

import io.containr.agent.proxmox.ProxmoxConnection.Endpoint;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which server, and whom to believe. */
public final class ConnectionOptions {

    private static final Duration CONNECT = Duration.ofSeconds(5);

    @Option(names = "--url", description = "the cluster's API, such as https://pve1:8006")
    @Nullable
    URI url;

    @Option(names = "--fingerprint", description = "SHA-256 of its certificate, in hex")
    @Nullable
    String fingerprint;

    @Option(names = "--ca-file", description = "PEM of the authorities that may have signed its certificate")
    @Nullable
    Path caFile;

    @Option(
            names = "--read-timeout",
            defaultValue = "PT40S",
            description = "how long to wait for an answer (${DEFAULT-VALUE})")
    Duration readTimeout = Duration.ofSeconds(40);

    Endpoint endpoint(URI url) {
        return new Endpoint(url, fingerprint, caFile, CONNECT, readTimeout);
    }
}
