/** Managed databases. */
@NullMarked
package io.containr.database;

import org.jspecify.annotations.NullMarked;
