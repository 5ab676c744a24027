/** Ways from a source to an image, and how the right one is found. */
@NullMarked
package io.containr.build.builder;

import org.jspecify.annotations.NullMarked;
