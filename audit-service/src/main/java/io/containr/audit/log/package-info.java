/** The append-only, hash-chained log, who may see what of it, and its verification. */
@NullMarked
package io.containr.audit.log;

import org.jspecify.annotations.NullMarked;
