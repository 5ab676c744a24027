package io.containr.agent.guest;

import org.jspecify.annotations.Nullable;

/**
 * How a one-off command ended.
 *
 * @param exitCode 128 + n where signal n ended it, -1 where it was not run
 * @param signal such as SIGKILL, null where none ended it
 * @param error why it was not run to its end, null where it was
 * @param complete whether every byte it wrote was received; pieces get lost with a connection
 */
public record RunResult(
        int exitCode, @Nullable String signal, @Nullable String error, boolean complete) {

    public boolean succeeded() {
        return exitCode == 0 && error == null;
    }
}
