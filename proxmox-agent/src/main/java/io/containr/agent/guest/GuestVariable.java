package io.containr.agent.guest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/** An environment variable. Its value is any bytes but NUL and never shows in a log. */
public record GuestVariable(String name, byte[] value) {

    public GuestVariable {
        if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("not a possible name of an environment variable: " + name);
        }
        for (byte b : value) {
            if (b == 0) {
                throw new IllegalArgumentException("the environment variable " + name + " contains a NUL");
            }
        }
        value = value.clone();
    }

    public static GuestVariable of(String name, String value) {
        return new GuestVariable(name, value.getBytes(UTF_8));
    }

    @Override
    public byte[] value() {
        return value.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GuestVariable that && name.equals(that.name) && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        return name + "=***";
    }
}
