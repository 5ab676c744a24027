package io.containr.simulator.fault;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Makes calls go wrong.
 *
 * @param method regular expression of HTTP methods, such as {@code POST|PUT}
 * @param path regular expression that the path below {@code /api2/json} must match wholly, undecoded
 * @param times how many matching calls are hit
 * @param applied whether the call is carried out nevertheless, only its answer lost
 */
public record CallFault(Pattern method, Pattern path, int times, boolean applied, Behaviour behaviour) {

    /** How the answer looks. */
    public sealed interface Behaviour {

        /** The connection is closed without an answer. */
        record Drop() implements Behaviour {}

        /** A status with its reason phrase; {@code body} false leaves the body empty, as 401 and 595 to 599 do. */
        record Status(int code, String reason, boolean body) implements Behaviour {}

        /** Nothing for a time, then the connection is closed. */
        record Silence(Duration time) implements Behaviour {}

        /** The right answer, late. */
        record Late(Duration delay) implements Behaviour {}

        /** A 200 whose body is no JSON. */
        record Garbage() implements Behaviour {}
    }

    public static CallFault of(String method, String path, int times, Behaviour behaviour) {
        return new CallFault(Pattern.compile(method), Pattern.compile(path), times, false, behaviour);
    }

    /** The same fault, striking after the call took effect. */
    public CallFault afterwards() {
        return new CallFault(method, path, times, true, behaviour);
    }

    boolean matches(String calledMethod, String calledPath) {
        return method.matcher(calledMethod).matches()
                && path.matcher(calledPath).matches();
    }
}
