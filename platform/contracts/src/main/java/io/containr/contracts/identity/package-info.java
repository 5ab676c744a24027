/** What auth-service tells. */
@NullMarked
package io.containr.contracts.identity;

import org.jspecify.annotations.NullMarked;
