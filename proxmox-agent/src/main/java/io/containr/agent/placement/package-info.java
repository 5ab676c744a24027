/** Where a guest goes: its node, its number and its address. */
@NullMarked
package io.containr.agent.placement;

import org.jspecify.annotations.NullMarked;
