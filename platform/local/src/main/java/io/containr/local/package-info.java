/** Processes of one machine, for standalone and for tests: each starts, adopts or ends what it left behind, and stops. */
@NullMarked
package io.containr.local;

import org.jspecify.annotations.NullMarked;
