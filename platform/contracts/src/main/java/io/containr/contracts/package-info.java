/** The published language of Containr: topics, message types and what every message shares. */
@NullMarked
package io.containr.contracts;

import org.jspecify.annotations.NullMarked;
