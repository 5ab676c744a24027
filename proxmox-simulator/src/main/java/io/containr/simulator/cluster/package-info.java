/** Nodes and the views over the whole cluster. */
@NullMarked
package io.containr.simulator.cluster;

import org.jspecify.annotations.NullMarked;
