/** Programs of this machine that the simulator runs, as a node runs them. */
@NullMarked
package io.containr.simulator.program;

import org.jspecify.annotations.NullMarked;
