/** The executor: makes true on Proxmox VE what agent commands ask for, and reports what it sees there. */
@NullMarked
package io.containr.agent;

import org.jspecify.annotations.NullMarked;
