/** A stand-in for a Proxmox VE cluster: start one with {@link io.containr.simulator.SimulatorServer}. */
@NullMarked
package io.containr.simulator;

import org.jspecify.annotations.NullMarked;
