/** Images in registries: read, prepared to run, removed. */
@NullMarked
package io.containr.build.image;

import org.jspecify.annotations.NullMarked;
