/** Takes away what nobody needs any more. */
@NullMarked
package io.containr.build.cleanup;

import org.jspecify.annotations.NullMarked;
