/** The Proxmox VE REST API, as far as the agent needs it. */
@NullMarked
package io.containr.agent.proxmox;

import org.jspecify.annotations.NullMarked;
