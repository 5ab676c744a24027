/** The error shape, paging, idempotency and who sends a request. */
@NullMarked
package io.containr.runtime.web;

import org.jspecify.annotations.NullMarked;
