/** Outbox, inbox and subscriptions over Kafka, CloudEvents in binary mode. */
@NullMarked
package io.containr.runtime.messaging;

import org.jspecify.annotations.NullMarked;
