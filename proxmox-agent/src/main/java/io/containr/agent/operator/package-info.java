/** What an operator may ask of the agent. */
@NullMarked
package io.containr.agent.operator;

import org.jspecify.annotations.NullMarked;
