/** What is done again and again, by one copy of the agent at a time. */
@NullMarked
package io.containr.agent.upkeep;

import org.jspecify.annotations.NullMarked;
