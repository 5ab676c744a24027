/** The Docker engine behind the simulator: images, containers, volumes, network. */
@NullMarked
package io.containr.simulator.engine;

import org.jspecify.annotations.NullMarked;
