package io.containr.gateway.edge;

import io.containr.runtime.web.ErrorBody;
import io.containr.runtime.web.ErrorCode;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers a request that cannot be read, in the API's shape; the framework would end it with a bare status before anybody could.
 * Whom it was for, and what shape was asked for, is not known then. Where the request ends is not known either, so the connection
 * ends: its rest is read for a while and forgotten, because what is closed unread resets the connection and takes the answer along.
 */
final class UnreadableRequests extends ChannelInboundHandlerAdapter {

    private static final long LONGEST_REST_SECONDS = 2;

    private final JsonMapper json;
    private boolean refused;

    /** For one connection. */
    UnreadableRequests(JsonMapper json) {
        this.json = json;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (refused) {
            ReferenceCountUtil.release(message);
        } else if (message instanceof HttpObject part && part.decoderResult().isFailure()) {
            refused = true;
            ReferenceCountUtil.release(message);
            context.writeAndFlush(answer(part.decoderResult().cause())).addListener(written -> end(context));
        } else {
            context.fireChannelRead(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (refused) {
            context.read();
        } else {
            context.fireChannelReadComplete();
        }
    }

    private static void end(ChannelHandlerContext context) {
        if (context.channel() instanceof DuplexChannel channel && channel.isActive()) {
            channel.shutdownOutput();
            context.executor().schedule(() -> context.close(), LONGEST_REST_SECONDS, TimeUnit.SECONDS);
        } else {
            context.close();
        }
    }

    private FullHttpResponse answer(Throwable failure) {
        return switch (failure) {
            case TooLongHttpLineException e -> answer(ErrorCode.URI_TOO_LONG, "The URI is too long");
            case TooLongHttpHeaderException e -> answer(ErrorCode.HEADERS_TOO_LARGE, "The headers are too large");
            default -> answer(ErrorCode.VALIDATION, "The request is no valid HTTP");
        };
    }

    private FullHttpResponse answer(ErrorCode code, String text) {
        byte[] body = json.writeValueAsBytes(ErrorBody.of(code, text, Map.of()));
        FullHttpResponse answer = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(code.status().value()), Unpooled.wrappedBuffer(body));
        answer.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, MediaType.APPLICATION_JSON_VALUE)
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        return answer;
    }
}
