package io.containr.runtime.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;

/**
 * Keeps users' URLs from reaching into the platform's own network: whatever a host name resolves to must be a public
 * address, unless an operator allowed the host. Callers must connect to the addresses returned, not resolve again.
 */
public final class DestinationGuard {

    private final Set<String> allowedPrivateHosts;

    /** @param allowedPrivateHosts {@code host} (any port) or {@code host:port} */
    public DestinationGuard(Set<String> allowedPrivateHosts) {
        this.allowedPrivateHosts = Set.copyOf(allowedPrivateHosts);
    }

    /**
     * @throws UnknownHostException if the name does not resolve
     * @throws ForbiddenDestinationException if any of its addresses is not public
     */
    public InetAddress[] resolve(String host, int port) throws UnknownHostException, ForbiddenDestinationException {
        InetAddress[] addresses = InetAddress.getAllByName(host);
        if (allows(host, port)) {
            return addresses;
        }
        for (InetAddress address : addresses) {
            if (!isPublic(address)) {
                throw new ForbiddenDestinationException(host);
            }
        }
        return addresses;
    }

    /** Whether an operator allowed the host, whatever its address. */
    public boolean allows(String host, int port) {
        String name = host.toLowerCase(Locale.ROOT);
        return allowedPrivateHosts.contains(name) || allowedPrivateHosts.contains(name + ":" + port);
    }

    private static boolean isPublic(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        byte[] bytes = address.getAddress();
        return bytes.length == 4 ? isPublicIpv4(bytes) : isPublicIpv6(bytes);
    }

    private static boolean isPublicIpv4(byte[] ipv4) {
        int first = ipv4[0] & 0xff;
        int second = ipv4[1] & 0xff;
        int third = ipv4[2] & 0xff;
        boolean carrierGradeNat = first == 100 && second >= 64 && second < 128;
        boolean protocolAssignments = first == 192 && second == 0 && third == 0;
        boolean benchmarking = first == 198 && (second == 18 || second == 19);
        return first != 0 && first < 240 && !carrierGradeNat && !protocolAssignments && !benchmarking;
    }

    private static boolean isPublicIpv6(byte[] ipv6) {
        boolean uniqueLocal = (ipv6[0] & 0xfe) == 0xfc;
        boolean globalUnicast = (ipv6[0] & 0xe0) == 0x20;
        boolean translatesToIpv4 =
                ipv6[0] == 0x20 && (ipv6[1] == 0x02 || ipv6[1] == 0x01 && ipv6[2] == 0 && ipv6[3] == 0);
        return globalUnicast && !uniqueLocal && !translatesToIpv4;
    }
}
