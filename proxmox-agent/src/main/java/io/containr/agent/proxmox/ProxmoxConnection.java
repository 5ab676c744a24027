package io.containr.agent.proxmox;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

/**
 * The way to the API: HTTP/1.1 (it speaks nothing newer), who calls, and the one server that is believed. Every client is had from here
 * and goes by a {@link ProxmoxTransport}, so that what a refusal or a silence means is the same for all.
 */
public final class ProxmoxConnection implements AutoCloseable {

    /**
     * Where the API is. Without fingerprint and CA the JVM's own trusted authorities decide.
     *
     * @param url such as {@code https://pve1:8006}
     * @param fingerprint SHA-256 of the server's certificate, hex with or without colons
     * @param caFile PEM of the authorities that may have signed it
     */
    public record Endpoint(
            URI url,
            @Nullable String fingerprint,
            @Nullable Path caFile,
            Duration connectTimeout,
            Duration readTimeout) {}

    /** The answer to an upload comes when all of it was sent. */
    private static final Duration UPLOAD = Duration.ofMinutes(10);

    private final HttpClient http;
    private final ProxmoxTransport transport;
    private final ProxmoxTransport patient;

    private ProxmoxConnection(HttpClient http, ProxmoxTransport transport, ProxmoxTransport patient) {
        this.http = http;
        this.transport = transport;
        this.patient = patient;
    }

    /** @param credentials headers that say who calls; empty for nobody */
    public static ProxmoxConnection open(Endpoint endpoint, Map<String, String> credentials)
            throws IOException, GeneralSecurityException {
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(ServerTrust.context(endpoint.fingerprint(), endpoint.caFile()))
                .connectTimeout(endpoint.connectTimeout())
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
        return new ProxmoxConnection(
                http,
                transport(http, endpoint, endpoint.readTimeout(), credentials),
                transport(http, endpoint, UPLOAD, credentials));
    }

    private static ProxmoxTransport transport(
            HttpClient http, Endpoint endpoint, Duration timeout, Map<String, String> credentials) {
        JdkClientHttpRequestFactory requests = new JdkClientHttpRequestFactory(http);
        requests.setReadTimeout(timeout);
        return new ProxmoxTransport(RestClient.builder()
                .requestFactory(requests)
                .baseUrl(endpoint.url().resolve("/api2/json").toString())
                .defaultHeaders(headers -> credentials.forEach(headers::set))
                .build());
    }

    /** Credentials of an API token, such as {@code user@realm!tokenid=uuid}. */
    public static Map<String, String> token(String token) {
        return Map.of(HttpHeaders.AUTHORIZATION, "PVEAPIToken=" + token);
    }

    /**
     * Credentials of the API token in a file that holds nothing else.
     *
     * @throws IOException if it holds no token
     */
    public static Map<String, String> tokenIn(Path file) throws IOException {
        String token = Files.readString(file).strip();
        if (!token.matches("[^\\s!=]+@[^\\s!=]+![^\\s=]+=[0-9A-Za-z-]+")) {
            throw new IOException(file + " holds no API token of the form user@realm!tokenid=secret");
        }
        return token(token);
    }

    public Proxmox proxmox() {
        return new ProxmoxClient(transport);
    }

    public ProxmoxFirewall firewall() {
        return new ProxmoxFirewallClient(transport);
    }

    public ProxmoxBackups backups() {
        return new ProxmoxBackupClient(transport);
    }

    public ProxmoxUsage usage() {
        return new ProxmoxUsageClient(transport);
    }

    public ProxmoxUploads uploads() {
        return (node, storage, file, fileName) -> ProxmoxClient.upid(patient.upload(
                Map.of("content", "vztmpl"), file, fileName, "/nodes/{node}/storage/{storage}/upload", node, storage));
    }

    /** For what the agent itself never asks. */
    public ProxmoxTransport transport() {
        return transport;
    }

    @Override
    public void close() {
        http.close();
    }
}
