/** Calls from one service of the platform to another, for what cannot wait for an event. */
@NullMarked
package io.containr.runtime.calls;

import org.jspecify.annotations.NullMarked;
