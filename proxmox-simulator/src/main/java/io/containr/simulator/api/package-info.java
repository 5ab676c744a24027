/** HTTPS, routing, and the shapes of answers and errors. */
@NullMarked
package io.containr.simulator.api;

import org.jspecify.annotations.NullMarked;
