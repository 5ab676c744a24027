package io.containr.simulator.fault;

import java.util.regex.Pattern;

/**
 * Makes worker tasks go wrong.
 *
 * @param type regular expression of task types, such as {@code vzstart}
 * @param id regular expression of what they work on, such as a vmid
 * @param message the error of a task that fails
 */
public record TaskFault(Pattern type, Pattern id, int times, Behaviour behaviour, String message) {

    public enum Behaviour {
        /** Fails without doing anything. */
        FAIL,
        /** Does its work, then fails. */
        FAIL_AFTERWARDS,
        /** Runs until it is stopped, without doing anything. */
        HANG,
        /** Ends as a killed worker does: {@code unexpected status}. */
        UNEXPECTED,
        /** Ends well, but the guest is dead. */
        GUEST_DIES
    }

    public static TaskFault of(String type, String id, int times, Behaviour behaviour, String message) {
        return new TaskFault(Pattern.compile(type), Pattern.compile(id), times, behaviour, message);
    }

    boolean matches(String taskType, String taskId) {
        return type.matcher(taskType).matches() && id.matcher(taskId).matches();
    }
}
