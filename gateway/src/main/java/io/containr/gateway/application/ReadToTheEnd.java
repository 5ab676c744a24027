package io.containr.gateway.application;

import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * The frames of one side of a WebSocket, read on even when nobody wants them any more. Cancelling the reading would make
 * the library close that side at once with an empty status, ahead of the other side's last frames and its reason.
 */
final class ReadToTheEnd implements CoreSubscriber<WebSocketFrame>, Subscription {

    private final CoreSubscriber<? super WebSocketFrame> reader;
    private volatile boolean unwanted;
    private @Nullable Subscription frames;

    private ReadToTheEnd(CoreSubscriber<? super WebSocketFrame> reader) {
        this.reader = reader;
    }

    static Flux<WebSocketFrame> of(Flux<WebSocketFrame> frames) {
        return frames.transform(
                Operators.<WebSocketFrame, WebSocketFrame>liftPublisher((source, reader) -> new ReadToTheEnd(reader)));
    }

    @Override
    public Context currentContext() {
        return reader.currentContext();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        frames = subscription;
        reader.onSubscribe(this);
    }

    /** Whoever sends the frames releases them, so those that nobody wants need nothing. */
    @Override
    public void onNext(WebSocketFrame frame) {
        if (!unwanted) {
            reader.onNext(frame);
        }
    }

    @Override
    public void onError(Throwable failure) {
        if (!unwanted) {
            reader.onError(failure);
        }
    }

    @Override
    public void onComplete() {
        if (!unwanted) {
            reader.onComplete();
        }
    }

    @Override
    public void request(long count) {
        if (frames != null) {
            frames.request(count);
        }
    }

    @Override
    public void cancel() {
        unwanted = true;
        request(Long.MAX_VALUE);
    }
}
