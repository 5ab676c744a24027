/** What the proxmox-agent is asked to do and what it tells. */
@NullMarked
package io.containr.contracts.agent;

import org.jspecify.annotations.NullMarked;
