/** How a build can fail, in words for its user. */
@NullMarked
package io.containr.build.failure;

import org.jspecify.annotations.NullMarked;
