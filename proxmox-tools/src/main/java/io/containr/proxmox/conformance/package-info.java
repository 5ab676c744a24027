/** Whether a Proxmox VE behaves as the agent takes for granted. */
@NullMarked
package io.containr.proxmox.conformance;

import org.jspecify.annotations.NullMarked;
