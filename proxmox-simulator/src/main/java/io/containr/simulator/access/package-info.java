/** Users, tokens, roles, access lists and pools. */
@NullMarked
package io.containr.simulator.access;

import org.jspecify.annotations.NullMarked;
