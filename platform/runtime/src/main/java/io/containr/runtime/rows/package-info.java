/** Between columns of a database and the types of the domain. */
@NullMarked
package io.containr.runtime.rows;

import org.jspecify.annotations.NullMarked;
