/** Instances: what is asked for, what is there, and the next step between the two. */
@NullMarked
package io.containr.agent.instance;

import org.jspecify.annotations.NullMarked;
