package io.containr.runtime.web.idempotency;

/** Within which a key means one request: who sent it, and where to. */
record Scope(String user, String method, String path, String key) {}
