package io.containr.simulator.task;

import java.io.IOException;

/** The work of a task. An exception's message becomes the task's exit status. */
@FunctionalInterface
public interface TaskBody {

    void run(TaskLog log) throws IOException, InterruptedException;
}
