/** Containers: configuration, power, snapshots, firewall. */
@NullMarked
package io.containr.simulator.guest;

import org.jspecify.annotations.NullMarked;
