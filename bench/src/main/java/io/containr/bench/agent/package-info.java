/** The agent alone, as a process of its own, before a simulated cluster whose guests run in name only. */
@NullMarked
package io.containr.bench.agent;

import org.jspecify.annotations.NullMarked;
