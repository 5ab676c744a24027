/** A managed database, from its creation to its end. */
@NullMarked
package io.containr.database.managed;

import org.jspecify.annotations.NullMarked;
