/** State on disk. */
@NullMarked
package io.containr.simulator.state;

import org.jspecify.annotations.NullMarked;
