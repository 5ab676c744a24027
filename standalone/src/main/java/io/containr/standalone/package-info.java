/** The whole platform on one machine, and the commands that start, show and stop it. */
@NullMarked
package io.containr.standalone;

import org.jspecify.annotations.NullMarked;
