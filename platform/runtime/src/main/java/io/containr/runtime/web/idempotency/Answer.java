package io.containr.runtime.web.idempotency;

import org.jspecify.annotations.Nullable;

/** What a request was answered. */
record Answer(
        int status, @Nullable String contentType, @Nullable String location, byte[] body) {}
