package io.containr.gateway.edge;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpRequest;

/**
 * Browsers send some characters bare that a URI may not contain, such as {@code |} in a query, and every application
 * server bears with them. The framework would refuse such a request before anybody could; so they are encoded here.
 */
@Sharable
final class UriRepair extends ChannelInboundHandlerAdapter {

    private static final String ILLEGAL = "\"<>\\^`{|}#";

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            String given = request.uri();
            String legal = legal(given);
            if (!legal.equals(given)) {
                request.setUri(legal);
            }
        }
        context.fireChannelRead(message);
    }

    static String legal(String uri) {
        StringBuilder repaired = null;
        boolean query = false;
        for (int i = 0; i < uri.length(); i++) {
            char character = uri.charAt(i);
            query |= character == '?';
            boolean illegal = isIllegal(uri, i, query);
            if (illegal && repaired == null) {
                repaired = new StringBuilder(uri.length() + 16).append(uri, 0, i);
            }
            if (repaired != null) {
                if (illegal) {
                    // The decoder makes one character of each byte.
                    repaired.append('%').append("%02X".formatted(character & 0xFF));
                } else {
                    repaired.append(character);
                }
            }
        }
        return repaired == null ? uri : repaired.toString();
    }

    private static boolean isIllegal(String uri, int at, boolean query) {
        char character = uri.charAt(at);
        if (character == '%') {
            return at + 2 >= uri.length() || !isHex(uri.charAt(at + 1)) || !isHex(uri.charAt(at + 2));
        }
        if (character == '[' || character == ']') {
            return !query && uri.startsWith("/");
        }
        return character <= ' ' || character >= 0x7F || ILLEGAL.indexOf(character) >= 0;
    }

    private static boolean isHex(char character) {
        return Character.digit(character, 16) >= 0;
    }
}
