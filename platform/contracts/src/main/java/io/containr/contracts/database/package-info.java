/** What database-service tells. */
@NullMarked
package io.containr.contracts.database;

import org.jspecify.annotations.NullMarked;
