/** What guests tell and what they are told: tokens, specifications, lines and states. */
@NullMarked
package io.containr.agent.session;

import org.jspecify.annotations.NullMarked;
