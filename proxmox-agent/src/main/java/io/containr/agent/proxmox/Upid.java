package io.containr.agent.proxmox;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The id of a task: {@code UPID:node:pid:pstart:starttime:type:id:user:}. It names the node that runs the task. */
public record Upid(String value) {

    private static final Pattern SHAPE = Pattern.compile(
            "UPID:([^:\\s]+):[0-9A-Fa-f]{8}:[0-9A-Fa-f]{8,9}:[0-9A-Fa-f]{8}:([^:\\s]+):([^:\\s]*):[^:\\s]+:");

    /** @throws IllegalArgumentException if it is not a task id */
    public Upid {
        if (!SHAPE.matcher(value).matches()) {
            throw new IllegalArgumentException("not a task id: " + value);
        }
    }

    public String node() {
        return part(1);
    }

    /** Such as {@code vzcreate}. */
    public String type() {
        return part(2);
    }

    /** What the task works on: a vmid, or the file of a pull. */
    public String subject() {
        return part(3);
    }

    private String part(int group) {
        Matcher matcher = SHAPE.matcher(value);
        if (!matcher.matches()) {
            throw new IllegalStateException(value);
        }
        return matcher.group(group);
    }

    @Override
    public String toString() {
        return value;
    }
}
