package io.containr.bench.agent;

import java.util.concurrent.atomic.AtomicBoolean;

/** Ends once what a measurement began: with it, or with this process where that is ended in the middle of it. */
final class Ending implements AutoCloseable {

    private final AutoCloseable end;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Thread hook = new Thread(this::atExit);

    private Ending(AutoCloseable end) {
        this.end = end;
    }

    static Ending by(AutoCloseable end) {
        Ending ending = new Ending(end);
        Runtime.getRuntime().addShutdownHook(ending.hook);
        return ending;
    }

    private void atExit() {
        try {
            end();
        } catch (Exception e) {
            System.err.println("something of the measurement may still run: " + e);
        }
    }

    private void end() throws Exception {
        if (ended.compareAndSet(false, true)) {
            end.close();
        }
    }

    @Override
    public void close() throws Exception {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // This process is ending, and the hook has nothing left to do.
        }
    }
}
