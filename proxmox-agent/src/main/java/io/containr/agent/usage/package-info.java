/** How much guests use. */
@NullMarked
package io.containr.agent.usage;

import org.jspecify.annotations.NullMarked;
