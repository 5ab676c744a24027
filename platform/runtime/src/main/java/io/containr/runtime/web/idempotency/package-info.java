/** {@code Idempotency-Key}: a request that is sent twice takes effect once. */
@NullMarked
package io.containr.runtime.web.idempotency;

import org.jspecify.annotations.NullMarked;
