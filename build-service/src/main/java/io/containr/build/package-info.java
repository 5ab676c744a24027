/** Turns sources into images that are ready to run. */
@NullMarked
package io.containr.build;

import org.jspecify.annotations.NullMarked;
