/** Sources: fetched from Git under limits, and paths that stay inside them. */
@NullMarked
package io.containr.build.source;

import org.jspecify.annotations.NullMarked;
