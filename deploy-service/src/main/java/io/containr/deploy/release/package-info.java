/** Releases: what exactly runs, never changed once made. */
@NullMarked
package io.containr.deploy.release;

import org.jspecify.annotations.NullMarked;
