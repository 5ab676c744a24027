package io.containr.gateway.edge;

import io.containr.gateway.GatewaySettings;
import io.containr.runtime.Ids;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;

/** Tells the API's requests from the applications', and who sends them. */
final class Visits {

    private final Set<String> apiHosts;
    private final Networks trustedProxies;

    Visits(GatewaySettings settings) {
        this.apiHosts = settings.apiHosts().stream()
                .map(host -> host.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
        this.trustedProxies = Networks.of(settings.trustedProxies());
    }

    Visit read(ServerHttpRequest request) {
        HttpHeaders headers = request.getHeaders();
        String peer = address(request.getRemoteAddress());
        String authority = orEmpty(headers.getFirst(HttpHeaders.HOST));
        String scheme = request.getSslInfo() == null ? "http" : "https";
        String client = peer;
        if (trustedProxies.contains(peer)) {
            client = lastUntrusted(headers.getFirst("X-Forwarded-For"), peer);
            authority = first(headers.getFirst("X-Forwarded-Host"), authority);
            scheme = "https".equalsIgnoreCase(headers.getFirst("X-Forwarded-Proto")) ? "https" : scheme;
        }
        String host = hostOf(authority);
        boolean api = host.isEmpty() || apiHosts.contains(host) || isAddress(host);
        return new Visit(requestId(headers.getFirst("X-Request-Id")), host, api, client, scheme, authority);
    }

    private String lastUntrusted(@Nullable String forwardedFor, String peer) {
        if (forwardedFor == null) {
            return peer;
        }
        String[] hops = forwardedFor.split(",");
        for (int i = hops.length - 1; i >= 0; i--) {
            String hop = hops[i].strip();
            if (NetUtil.createByteArrayFromIpAddressString(hop) == null) {
                return peer;
            }
            if (!trustedProxies.contains(hop)) {
                return hop;
            }
        }
        return peer;
    }

    private static String first(@Nullable String list, String otherwise) {
        return list == null || list.isBlank() ? otherwise : list.split(",", 2)[0].strip();
    }

    static String hostOf(String authority) {
        String host = authority.strip().toLowerCase(Locale.ROOT);
        int port = host.lastIndexOf(':');
        if (port > host.lastIndexOf(']')) {
            host = host.substring(0, port);
        }
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    private static boolean isAddress(String host) {
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        return NetUtil.isValidIpV4Address(bare) || NetUtil.isValidIpV6Address(bare);
    }

    private static String address(@Nullable InetSocketAddress remote) {
        InetAddress address = remote == null ? null : remote.getAddress();
        return address == null ? "unknown" : NetUtil.toAddressString(address);
    }

    private static UUID requestId(@Nullable String given) {
        try {
            return given == null ? Ids.next() : UUID.fromString(given);
        } catch (IllegalArgumentException e) {
            return Ids.next();
        }
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
