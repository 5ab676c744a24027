/** Write-ahead logs of PostgreSQL: kept apart from the databases, and handed to those that go back to a point in time. */
@NullMarked
package io.containr.database.wal;

import org.jspecify.annotations.NullMarked;
