package io.containr.simulator.engine;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a guest's container is to look.
 *
 * @param environment exactly what the process gets; the image's own environment does not add to it
 * @param address a static IPv4 address on the bridge, or null for any
 */
public record GuestSpec(
        int vmid,
        String image,
        List<String> command,
        Map<String, String> environment,
        String user,
        String workingDirectory,
        String stopSignal,
        String hostname,
        @Nullable String address,
        @Nullable String hardwareAddress,
        List<Mount> mounts,
        Limits limits) {

    /** A volume of the engine at a path. {@code seeded} volumes begin with what the image has at that path. */
    public record Mount(String volume, String path, boolean readOnly, boolean seeded) {}

    /** @param nanoCpus 0 for all of the machine */
    public record Limits(long memoryBytes, long swapBytes, long nanoCpus) {}

    /** Changes whenever a running container could not be brought to this shape without being made anew. */
    public String launchHash() {
        String text = String.join(
                "\n",
                image,
                command.toString(),
                new TreeMap<>(environment).toString(),
                user,
                workingDirectory,
                stopSignal,
                hostname,
                String.valueOf(address),
                String.valueOf(hardwareAddress),
                mounts.toString());
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
