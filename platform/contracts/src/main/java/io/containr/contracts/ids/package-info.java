/** Typed identifiers. */
@NullMarked
package io.containr.contracts.ids;

import org.jspecify.annotations.NullMarked;
