/** Switches that make the simulator misbehave as real nodes do. */
@NullMarked
package io.containr.simulator.fault;

import org.jspecify.annotations.NullMarked;
