/** This machine's packet filter, for the bridge that guests hang on. */
@NullMarked
package io.containr.simulator.filter;

import org.jspecify.annotations.NullMarked;
