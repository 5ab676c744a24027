/** The loop: reads what is wanted and what is, decides one step, takes it, and looks again. */
@NullMarked
package io.containr.deploy.rollout;

import org.jspecify.annotations.NullMarked;
