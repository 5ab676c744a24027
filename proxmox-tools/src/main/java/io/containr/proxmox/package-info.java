/** What an operator runs against a Proxmox VE cluster. */
@NullMarked
package io.containr.proxmox;

import org.jspecify.annotations.NullMarked;
