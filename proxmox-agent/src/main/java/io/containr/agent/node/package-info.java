/** What nodes do that is no step of an instance, and who is told of it. */
@NullMarked
package io.containr.agent.node;

import org.jspecify.annotations.NullMarked;
