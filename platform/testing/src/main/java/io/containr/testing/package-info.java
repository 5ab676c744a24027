/** Real infrastructure for tests. */
@NullMarked
package io.containr.testing;

import org.jspecify.annotations.NullMarked;
