package io.containr.simulator.engine;

/** What a guest uses. {@code cpu} are processors in use, such as 0.25; the rest are bytes, traffic and I/O since its start. */
public record GuestUsage(double cpu, long memory, long netIn, long netOut, long diskRead, long diskWrite) {

    public static final GuestUsage NONE = new GuestUsage(0, 0, 0, 0, 0, 0);
}
