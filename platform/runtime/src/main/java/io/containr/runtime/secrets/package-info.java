/** Sealing and opening of secrets. */
@NullMarked
package io.containr.runtime.secrets;

import org.jspecify.annotations.NullMarked;
