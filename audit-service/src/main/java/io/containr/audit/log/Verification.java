package io.containr.audit.log;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a check of the whole chain found.
 *
 * @param entries how many entries are as they were written, from the start
 * @param head hash of the last one in hexadecimal; kept elsewhere, it proves later that nothing before it was changed
 * @param problem null if the chain is intact
 */
record Verification(
        boolean intact, long entries, String head, @Nullable String problem, Instant verifiedAt) {}
