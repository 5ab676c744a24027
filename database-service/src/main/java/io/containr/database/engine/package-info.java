/** Speaking to each engine in its own protocol. */
@NullMarked
package io.containr.database.engine;

import org.jspecify.annotations.NullMarked;
