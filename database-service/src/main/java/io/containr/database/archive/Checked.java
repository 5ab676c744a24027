package io.containr.database.archive;

import java.time.Instant;

/**
 * A file that was read whole.
 *
 * @param checksum SHA-256 in hexadecimal digits
 * @param modifiedAt of the file, to the microsecond
 */
record Checked(String checksum, Instant modifiedAt) {}
