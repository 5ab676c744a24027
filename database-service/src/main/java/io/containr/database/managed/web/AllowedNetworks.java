package io.containr.database.managed.web;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Networks as users name them: IPv4 in CIDR notation (RFC 4632), an address alone for a network of one. */
final class AllowedNetworks {

    private static final String FIELD = "allowed_networks";
    private static final int MOST = 20;
    private static final String RULE = "must be at most " + MOST
            + " IPv4 networks in CIDR notation, such as 203.0.113.0/24, of a prefix from 1 to 32 and without bits behind it";

    private static final IPAddressStringParameters CIDR = new IPAddressStringParameters.Builder()
            .allowEmpty(false)
            .allowAll(false)
            .allowSingleSegment(false)
            .allowMask(false)
            .allowPrefixOnly(false)
            .allowWildcardedSeparator(false)
            .allowIPv6(false)
            .setRangeOptions(inet.ipaddr.AddressStringParameters.RangeParameters.NO_RANGE)
            .getIPv4AddressParametersBuilder()
            .allow_inet_aton(false)
            .allowBinary(false)
            .getParentBuilder()
            .toParams();

    private AllowedNetworks() {}

    /** In their usual spelling, each once; null where none are named. What is wrong is noted. */
    static @Nullable List<String> read(@Nullable List<@Nullable String> named, Input input) {
        if (named == null) {
            return null;
        }
        List<String> read = named.stream()
                .flatMap(text -> network(text).stream())
                .distinct()
                .toList();
        if (named.size() > MOST
                || !named.stream().allMatch(text -> network(text).isPresent())) {
            input.refuse(FIELD, RULE);
        }
        return read;
    }

    private static Optional<String> network(@Nullable String text) {
        if (text == null) {
            return Optional.empty();
        }
        IPAddress address = new IPAddressString(text, CIDR).getAddress();
        if (address == null) {
            return Optional.empty();
        }
        Integer prefix = address.getNetworkPrefixLength();
        if (prefix == null) {
            return Optional.of(address.toCanonicalString() + "/32");
        }
        boolean network = prefix > 0 && address.isSinglePrefixBlock();
        return network ? Optional.of(address.toCanonicalString()) : Optional.empty();
    }
}
