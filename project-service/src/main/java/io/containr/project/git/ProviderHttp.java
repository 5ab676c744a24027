package io.containr.project.git;

import io.containr.project.ProjectSettings;
import io.containr.runtime.net.DestinationGuard;
import io.containr.runtime.net.ForbiddenDestinationException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * GET requests to hosts that users name: only to addresses that pass the {@link DestinationGuard}, which resolves them itself
 * so that a name cannot mean something else a moment later; without following redirects, so that no token leaves its host;
 * under limits of time and size.
 */
@Component
class ProviderHttp implements AutoCloseable {

    private static final int LARGEST_ANSWER = 8 * 1024 * 1024;
    private static final Timeout CONNECT = Timeout.ofSeconds(5);
    private static final Timeout SILENCE = Timeout.ofSeconds(10);

    private final DestinationGuard guard;
    private final CloseableHttpClient client;

    ProviderHttp(ProjectSettings settings) {
        this.guard = new DestinationGuard(settings.git().allowedPrivateHosts());
        this.client = HttpClients.custom()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableAutomaticRetries()
                .setUserAgent("Containr")
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setResponseTimeout(SILENCE)
                        .setConnectionRequestTimeout(CONNECT)
                        .build())
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(new GuardedNames())
                        .setMaxConnTotal(100)
                        .setMaxConnPerRoute(20)
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(CONNECT)
                                .setSocketTimeout(SILENCE)
                                .build())
                        .build())
                .build();
    }

    /** Whether an operator allowed the host, so that it may do without TLS. */
    boolean allowsPlain(String host, int port) {
        return guard.allows(host, port);
    }

    /** @param atMost after this the request is given up, however lively the answer is */
    Answer get(URI uri, Map<String, String> headers, Duration atMost) throws IOException {
        HttpGet request = new HttpGet(uri);
        headers.forEach(request::setHeader);
        CompletableFuture<Void> alarm = CompletableFuture.runAsync(
                request::cancel,
                CompletableFuture.delayedExecutor(atMost.toMillis(), TimeUnit.MILLISECONDS, Runnable::run));
        try {
            return client.execute(request, ProviderHttp::read);
        } finally {
            alarm.cancel(false);
        }
    }

    private static Answer read(ClassicHttpResponse response) throws IOException {
        HttpEntity entity = response.getEntity();
        byte[] body = new byte[0];
        if (entity != null) {
            try (InputStream in = entity.getContent()) {
                body = in.readNBytes(LARGEST_ANSWER + 1);
            }
        }
        if (body.length > LARGEST_ANSWER) {
            throw new IOException("the answer is too large");
        }
        return new Answer(response.getCode(), response.getHeaders(), body);
    }

    @Override
    public void close() throws IOException {
        client.close();
    }

    /** What came back. */
    record Answer(int status, Header[] headers, byte[] body) {

        @Nullable
        String header(String name) {
            return Arrays.stream(headers)
                    .filter(header -> header.getName().equalsIgnoreCase(name))
                    .map(Header::getValue)
                    .findFirst()
                    .orElse(null);
        }
    }

    private final class GuardedNames implements DnsResolver {

        @Override
        public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
            try {
                return Arrays.stream(guard.resolve(host, port))
                        .map(address -> new InetSocketAddress(address, port))
                        .toList();
            } catch (ForbiddenDestinationException e) {
                UnknownHostException refused = new UnknownHostException(host);
                refused.initCause(e);
                throw refused;
            }
        }

        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            throw new UnknownHostException("which port of " + host + "?");
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }
}
