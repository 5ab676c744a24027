/**
 * The agent's side of the guest protocol (docs/guest-protocol.md): guests connect, are let in, report and take commands. Knows
 * sockets and messages; what is remembered lies behind {@link io.containr.agent.guest.GuestSessions}.
 */
@NullMarked
package io.containr.agent.guest;

import org.jspecify.annotations.NullMarked;
