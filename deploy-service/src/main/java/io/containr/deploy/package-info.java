/** The planner: brings releases of services into service and keeps them there. */
@NullMarked
package io.containr.deploy;

import org.jspecify.annotations.NullMarked;
