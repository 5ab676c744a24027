/** Backups of databases: taken on request and by schedule, kept, proven and deleted. */
@NullMarked
package io.containr.database.backup;

import org.jspecify.annotations.NullMarked;
