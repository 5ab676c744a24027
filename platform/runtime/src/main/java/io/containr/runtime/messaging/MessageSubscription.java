package io.containr.runtime.messaging;

import io.containr.contracts.MessageTypes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * Which messages a service wants, and what each does. Every bean of this type becomes one consumer group. A handler runs
 * once per message, in one transaction with its inbox row where the service has a database; it must be quick: it writes
 * a row and returns. Messages without a handler are skipped.
 *
 * @param name {@code service/subject}; names group and dead-letter topic, so it must never change
 */
public record MessageSubscription(String name, Map<Class<?>, List<BiConsumer<Object, MessageMeta>>> handlers) {

    /** Starts a subscription. */
    public static Builder named(String name) {
        return new Builder(name);
    }

    Set<String> topics() {
        return handlers.keySet().stream()
                .map(payload -> MessageTypes.of(payload).topic())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** A part of a service that adds its handlers to a subscription. */
    @FunctionalInterface
    public interface Part {
        void register(Builder subscription);
    }

    /** Collects handlers; those of one message run in the order they were added. */
    public static final class Builder {

        private final String name;
        private final Map<Class<?>, List<BiConsumer<Object, MessageMeta>>> handlers = new LinkedHashMap<>();

        private Builder(String name) {
            this.name = name;
        }

        /** Adds a handler for messages with exactly this payload. */
        public <T> Builder on(Class<T> payload, BiConsumer<T, MessageMeta> handler) {
            MessageTypes.of(payload);
            handlers.computeIfAbsent(payload, ignored -> new ArrayList<>())
                    .add((message, meta) -> handler.accept(payload.cast(message), meta));
            return this;
        }

        /** Lets a part add its handlers. */
        public Builder with(Part part) {
            part.register(this);
            return this;
        }

        public MessageSubscription build() {
            return new MessageSubscription(name, Map.copyOf(handlers));
        }
    }
}
