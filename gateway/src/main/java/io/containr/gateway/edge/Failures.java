package io.containr.gateway.edge;

import io.containr.runtime.web.ErrorCode;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.timeout.ReadTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;
import reactor.netty.channel.AbortedException;

/** What went wrong on the way to somebody else. All sorting of network failures is here. */
public final class Failures {

    private Failures() {}

    /** Whether no connection came about, so that nothing of the request was sent. */
    public static boolean isUnreached(Throwable failure) {
        return failure instanceof ConnectException
                || failure instanceof NoRouteToHostException
                || failure instanceof UnknownHostException;
    }

    /** Whether the connection broke before an answer began. */
    public static boolean isBroken(Throwable failure) {
        return failure instanceof IOException && !isUnreached(failure) || failure instanceof AbortedException;
    }

    /**
     * The answer for a failure.
     *
     * @param who was asked, such as {@code the application}
     * @return the failure itself where it is none of the network's
     */
    public static Throwable asAnswer(Throwable failure, String who) {
        if (failure instanceof ConnectTimeoutException) {
            return new GatewayException(ErrorCode.GATEWAY_TIMEOUT, who + " cannot be reached", failure);
        }
        if (isUnreached(failure)) {
            return new GatewayException(ErrorCode.DEPENDENCY_UNAVAILABLE, who + " is not available", failure);
        }
        if (isTimeout(failure)) {
            return new GatewayException(ErrorCode.GATEWAY_TIMEOUT, who + " did not answer in time", failure);
        }
        if (isBroken(failure) || failure instanceof io.netty.handler.codec.DecoderException) {
            return new GatewayException(ErrorCode.BAD_GATEWAY, who + " gave no valid answer", failure);
        }
        return failure;
    }

    private static boolean isTimeout(Throwable failure) {
        return failure instanceof TimeoutException
                || failure instanceof ReadTimeoutException
                || failure instanceof ResponseStatusException status
                        && status.getStatusCode() == HttpStatus.GATEWAY_TIMEOUT;
    }
}
