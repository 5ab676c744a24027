package io.containr.build.image;

import com.google.cloud.tools.jib.api.DescriptorDigest;
import io.containr.build.failure.BuildErrorCode;
import io.containr.build.failure.BuildFailedException;
import io.containr.contracts.build.PreparedImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** An image's configuration: what it says of running it, and the same with guest-init in front. */
final class ImageConfiguration {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String DEFAULT_STOP_SIGNAL = "SIGTERM";

    private final ObjectNode json;

    private ImageConfiguration(ObjectNode json) {
        this.json = json;
    }

    static ImageConfiguration parse(byte[] bytes) throws BuildFailedException {
        try {
            if (JSON.readTree(bytes) instanceof ObjectNode json) {
                return new ImageConfiguration(json);
            }
        } catch (JacksonException e) {
            throw new BuildFailedException(BuildErrorCode.IMAGE_INVALID, "The image's configuration is broken.", e);
        }
        throw new BuildFailedException(BuildErrorCode.IMAGE_INVALID, "The image's configuration is broken.");
    }

    boolean runsHere() {
        return RegistrySession.supports(
                json.path("os").asString(""), json.path("architecture").asString(""));
    }

    /** What the image says about running it. */
    PreparedImage.Config original() {
        JsonNode config = json.path("config");
        String directory = config.path("WorkingDir").asString("");
        String signal = config.path("StopSignal").asString("");
        return new PreparedImage.Config(
                strings(config.path("Entrypoint")),
                strings(config.path("Cmd")),
                environment(config.path("Env")),
                config.path("User").asString(""),
                directory.isEmpty() ? "/" : directory.startsWith("/") ? directory : "/" + directory,
                signal.isEmpty() ? DEFAULT_STOP_SIGNAL : signal,
                tcpPorts(config.path("ExposedPorts")),
                List.copyOf(new TreeSet<>(config.path("Volumes").propertyNames())),
                json.path("architecture").asString(null));
    }

    /**
     * s6-overlay and its kin start a tree of services of their own and refuse any other process number than 1.
     *
     * @throws BuildFailedException IMAGE_NEEDS_PID1
     */
    void requireReplaceablePid1() throws BuildFailedException {
        PreparedImage.Config original = original();
        List<String> program = original.entrypoint().isEmpty() ? original.command() : original.entrypoint();
        if (!program.isEmpty() && program.getFirst().equals("/init")) {
            throw new BuildFailedException(
                    BuildErrorCode.IMAGE_NEEDS_PID1,
                    "The image starts with /init (s6-overlay), which insists on being the first process of its container."
                            + " Containr runs its own there; use a variant of the image without s6-overlay.");
        }
    }

    /** The configuration of the prepared image: everything as it was, but for how it starts. */
    byte[] prepared(DescriptorDigest initDiffId) {
        ObjectNode prepared = json.deepCopy();
        ObjectNode config =
                prepared.path("config") instanceof ObjectNode existing ? existing : prepared.putObject("config");
        config.putArray("Entrypoint").add(GuestInit.PATH);
        config.remove(List.of("Cmd", "StopSignal", "Healthcheck", "OnBuild"));
        config.put("User", "0");
        config.put("WorkingDir", "/");
        ObjectNode rootfs =
                prepared.path("rootfs") instanceof ObjectNode existing ? existing : prepared.putObject("rootfs");
        ArrayNode layers =
                rootfs.path("diff_ids") instanceof ArrayNode existing ? existing : rootfs.putArray("diff_ids");
        layers.add(initDiffId.toString());
        ArrayNode history =
                prepared.path("history") instanceof ArrayNode existing ? existing : prepared.putArray("history");
        history.addObject().put("created", "1970-01-01T00:00:00Z").put("created_by", "containr: guest-init");
        return JSON.writeValueAsBytes(prepared);
    }

    /** The configuration under a name of its user's: with more labels, and perhaps another command. */
    byte[] named(Map<String, String> labels, @Nullable List<String> command) {
        ObjectNode named = json.deepCopy();
        ObjectNode config = named.path("config") instanceof ObjectNode existing ? existing : named.putObject("config");
        if (!labels.isEmpty()) {
            ObjectNode all =
                    config.path("Labels") instanceof ObjectNode existing ? existing : config.putObject("Labels");
            labels.forEach(all::put);
        }
        if (command != null) {
            config.remove("Entrypoint");
            ArrayNode words = config.putArray("Cmd");
            command.forEach(words::add);
        }
        return JSON.writeValueAsBytes(named);
    }

    private static List<String> strings(JsonNode array) {
        List<String> strings = new ArrayList<>();
        array.forEach((Consumer<JsonNode>) element -> strings.add(element.asString("")));
        return strings;
    }

    private static Map<String, String> environment(JsonNode array) {
        Map<String, String> environment = new LinkedHashMap<>();
        for (String variable : strings(array)) {
            String[] parts = variable.split("=", 2);
            environment.put(parts[0], parts.length > 1 ? parts[1] : "");
        }
        return environment;
    }

    private static List<Integer> tcpPorts(JsonNode ports) {
        TreeSet<Integer> numbers = new TreeSet<>();
        for (String port : ports.propertyNames()) {
            String[] parts = port.split("/", 2);
            if ((parts.length == 1 || parts[1].equals("tcp")) && parts[0].matches("[0-9]{1,5}")) {
                numbers.add(Integer.parseInt(parts[0]));
            }
        }
        return List.copyOf(numbers);
    }
}
