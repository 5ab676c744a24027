/** What guests may reach, and who may reach them. */
@NullMarked
package io.containr.agent.firewall;

import org.jspecify.annotations.NullMarked;
