/** Keeps what happened on the platform. */
@NullMarked
package io.containr.audit;

import org.jspecify.annotations.NullMarked;
