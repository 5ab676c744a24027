/** The archives of backups as files: their checksums, their copies elsewhere, and that they are whole before they are restored. */
@NullMarked
package io.containr.database.archive;

import org.jspecify.annotations.NullMarked;
