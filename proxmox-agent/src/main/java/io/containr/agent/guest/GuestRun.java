package io.containr.agent.guest;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A one-off command.
 *
 * @param id the same id is never run twice
 * @param env added to the application's environment
 * @param user null: the application's; root is {@code "0"}
 * @param workdir null: the application's
 * @param timeout after which it is killed
 * @param stdin at most 512 KiB
 */
public record GuestRun(
        String id,
        List<String> argv,
        List<GuestVariable> env,
        @Nullable String user,
        @Nullable String workdir,
        Duration timeout,
        byte[] stdin) {

    private static final int MAX_STDIN = 512 * 1024;

    public GuestRun {
        if (argv.isEmpty() || argv.getFirst().isEmpty()) {
            throw new IllegalArgumentException("argv is empty");
        }
        if (stdin.length > MAX_STDIN) {
            throw new IllegalArgumentException("stdin is longer than 512 KiB");
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout must be positive");
        }
        argv = List.copyOf(argv);
        env = List.copyOf(env);
    }

    /** A command of the application's user in its working directory, without input. */
    public static GuestRun of(String id, Duration timeout, String... argv) {
        return new GuestRun(id, List.of(argv), List.of(), null, null, timeout, new byte[0]);
    }
}
