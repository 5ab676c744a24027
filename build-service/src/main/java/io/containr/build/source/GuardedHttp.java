package io.containr.build.source;

import io.containr.runtime.net.DestinationGuard;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.URL;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.util.Timeout;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.HttpConnectionFactory;

/**
 * JGit's way to HTTP for one clone. Every URL it opens, redirects included, passes the {@link DestinationGuard}, and only
 * the very addresses that passed are connected to, so that a name cannot resolve to something else in between. A
 * login goes to the repository's own host alone: JGit would take it along to wherever it is redirected.
 */
final class GuardedHttp implements HttpConnectionFactory, AutoCloseable {

    private final DestinationGuard guard;
    private final GitLocation location;
    private final Map<String, InetAddress[]> vetted = new ConcurrentHashMap<>();
    private final CloseableHttpClient client;

    GuardedHttp(DestinationGuard guard, GitLocation location, Duration idleTimeout) {
        this.guard = guard;
        this.location = location;
        Timeout idle = Timeout.of(idleTimeout);
        this.client = HttpClients.custom()
                .disableRedirectHandling()
                .disableContentCompression()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableAutomaticRetries()
                .setDefaultRequestConfig(
                        RequestConfig.custom().setResponseTimeout(idle).build())
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(new VettedNames())
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(Timeout.ofSeconds(10))
                                .setSocketTimeout(idle)
                                .build())
                        .build())
                .build();
    }

    @Override
    public HttpConnection create(URL url) throws IOException {
        int port = url.getPort() == -1 ? url.getDefaultPort() : url.getPort();
        String host = hostOf(url);
        vetted.put(host.toLowerCase(Locale.ROOT), guard.resolve(host, port));
        return new GuardedHttpConnection(client, url, location.isOrigin(url.getProtocol(), host, port));
    }

    /** Without a proxy: an operator who wants one routes traffic by the network. */
    @Override
    public HttpConnection create(URL url, Proxy proxy) throws IOException {
        return create(url);
    }

    private static String hostOf(URL url) {
        String host = url.getHost();
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    @Override
    public void close() throws IOException {
        client.close();
    }

    private final class VettedNames implements DnsResolver {

        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            InetAddress[] addresses = vetted.get(host.toLowerCase(Locale.ROOT));
            if (addresses == null) {
                throw new UnknownHostException(host);
            }
            return addresses;
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }
}
