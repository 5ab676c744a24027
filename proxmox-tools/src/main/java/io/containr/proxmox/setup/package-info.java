/** A cluster made ready for the agent, and what is wrong with one that was. */
@NullMarked
package io.containr.proxmox.setup;

import org.jspecify.annotations.NullMarked;
