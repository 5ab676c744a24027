/** Worker tasks: identifiers, life cycle, logs, archive. */
@NullMarked
package io.containr.simulator.task;

import org.jspecify.annotations.NullMarked;
