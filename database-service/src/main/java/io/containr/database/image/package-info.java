/** Engines' images, prepared to run in a guest. */
@NullMarked
package io.containr.database.image;

import org.jspecify.annotations.NullMarked;
