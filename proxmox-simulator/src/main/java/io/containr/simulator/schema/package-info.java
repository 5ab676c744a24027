/** Proxmox VE's own description of its parameters, and the checks that follow from it. */
@NullMarked
package io.containr.simulator.schema;

import org.jspecify.annotations.NullMarked;
