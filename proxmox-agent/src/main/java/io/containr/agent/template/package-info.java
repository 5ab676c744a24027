/** Images that lie on nodes, ready to be made guests of. */
@NullMarked
package io.containr.agent.template;

import org.jspecify.annotations.NullMarked;
