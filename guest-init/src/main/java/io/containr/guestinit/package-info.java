/** The guest-init binary, for whoever puts it into an image. */
@NullMarked
package io.containr.guestinit;

import org.jspecify.annotations.NullMarked;
