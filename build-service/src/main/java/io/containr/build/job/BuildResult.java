package io.containr.build.job;

import io.containr.contracts.build.BuildEvent.Commit;
import io.containr.contracts.build.PreparedImage;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a build came to.
 *
 * @param commit null where no repository was involved
 */
record BuildResult(PreparedImage image, @Nullable Commit commit, Map<String, Duration> phases) {}
