package io.containr.gateway.edge;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A set of addresses, given as CIDR blocks or single addresses. */
public final class Networks {

    private final List<IpSubnetFilterRule> blocks;

    private Networks(List<IpSubnetFilterRule> blocks) {
        this.blocks = blocks;
    }

    /** @throws IllegalArgumentException for a text that is neither block nor address */
    public static Networks of(List<String> texts) {
        return new Networks(texts.stream().map(Networks::block).toList());
    }

    private static IpSubnetFilterRule block(String text) {
        int slash = text.indexOf('/');
        String address = (slash < 0 ? text : text.substring(0, slash)).strip();
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        if (bytes == null) {
            throw new IllegalArgumentException("not a network: " + text);
        }
        int prefix = slash < 0 ? bytes.length * 8 : Integer.parseInt(text.substring(slash + 1));
        return new IpSubnetFilterRule(address, prefix, IpFilterRuleType.ACCEPT);
    }

    /** @param address literal; anything else is in no network */
    public boolean contains(@Nullable String address) {
        if (address == null || blocks.isEmpty()) {
            return false;
        }
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        if (bytes == null) {
            return false;
        }
        InetSocketAddress candidate = new InetSocketAddress(literal(bytes), 0);
        return blocks.stream().anyMatch(block -> block.matches(candidate));
    }

    private static InetAddress literal(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + bytes.length + " bytes", e);
        }
    }
}
