package io.containr.agent.placement;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of a network that may be given away.
 *
 * @param prefix length of the network's prefix in bits
 */
record Ipv4Range(int first, int last, int prefix) {

    /**
     * @param cidr the network, such as {@code 10.77.0.0/16}
     * @param firstAddress null: the second after the network's own
     * @param lastAddress null: the last before the broadcast address
     * @throws IllegalArgumentException if one is no address or outside of the network
     */
    static Ipv4Range of(String cidr, @Nullable String firstAddress, @Nullable String lastAddress) {
        String[] parts = cidr.split("/", -1);
        if (parts.length != 2) {
            throw new IllegalArgumentException("not a network: " + cidr);
        }
        int prefix = Integer.parseInt(parts[1]);
        if (prefix < 8 || prefix > 29) {
            throw new IllegalArgumentException("a network between /8 and /29 is needed: " + cidr);
        }
        int mask = -1 << (32 - prefix);
        int network = number(parts[0]) & mask;
        int broadcast = network | ~mask;
        int first = firstAddress == null ? network + 2 : number(firstAddress);
        int last = lastAddress == null ? broadcast - 1 : number(lastAddress);
        if ((first & mask) != network
                || (last & mask) != network
                || Integer.compareUnsigned(first, last) > 0
                || first == network
                || last == broadcast) {
            throw new IllegalArgumentException("the addresses to give away must lie inside of " + cidr);
        }
        return new Ipv4Range(first, last, prefix);
    }

    private static int number(String address) {
        try {
            if (!address.matches("\\d{1,3}(\\.\\d{1,3}){3}")
                    || !(InetAddress.getByName(address) instanceof Inet4Address parsed)) {
                throw new IllegalArgumentException("not an IPv4 address: " + address);
            }
            byte[] bytes = parsed.getAddress();
            return (bytes[0] & 0xff) << 24 | (bytes[1] & 0xff) << 16 | (bytes[2] & 0xff) << 8 | (bytes[3] & 0xff);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not an IPv4 address: " + address, e);
        }
    }

    String firstAddress() {
        return text(first);
    }

    String lastAddress() {
        return text(last);
    }

    /** Those above an address of the range. */
    Stream<String> after(String address) {
        return from(number(address) - first + 1);
    }

    Stream<String> addresses() {
        return from(0);
    }

    private Stream<String> from(int offset) {
        return IntStream.rangeClosed(offset, last - first).mapToObj(each -> text(first + each));
    }

    private static String text(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 0xff) + "." + (address >>> 8 & 0xff) + "." + (address & 0xff);
    }
}
