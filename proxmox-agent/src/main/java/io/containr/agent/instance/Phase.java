package io.containr.agent.instance;

/** How far an instance has come, as far as is known for certain; the next step begins where a phase ends. */
public enum Phase {
    /** Asked for. */
    ACCEPTED,
    /** Its node is chosen. */
    PLACED,
    /** Its image lies on the node. */
    PULLED,
    /** Its guest exists and was never started. */
    CREATED,
    /** The guest has our PID 1, its first-contact token and our tags. */
    CONFIGURED,
    /** The guest runs; the application was never seen healthy. */
    STARTED,
    /** Passed its health check when last looked at. */
    HEALTHY,
    /** Was healthy and no longer is. */
    UNHEALTHY,
    /** Ran once to its end; its guest waits for its removal. */
    ENDED,
    /** Will not become what was asked for; its guest waits for its removal. Ends only by removal. */
    FAILED,
    /** Gone for good. Terminal. */
    REMOVED
}
