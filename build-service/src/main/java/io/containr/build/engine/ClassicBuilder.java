package io.containr.build.engine;

import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import io.containr.build.BuildProperties;
import io.containr.build.failure.BuildErrorCode;
import io.containr.build.failure.BuildFailedException;
import io.containr.build.log.BuildOutput;
import io.containr.build.log.BuildOutput.Stream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriComponentsBuilder;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.json.JsonMapper;

/**
 * Builds by the engine's classic builder, the one whose steps the engine holds to limits of CPU and memory. The request is
 * made by hand because docker-java's own command knows no CPU quota. Ending the request ends the build.
 */
final class ClassicBuilder {

    private static final int CPU_PERIOD_MICROS = 100_000;
    private static final Pattern STEP_IMAGE = Pattern.compile(" ---> ([0-9a-f]{12,64})\\s*");

    /** The engine tells the two streams of a step apart by colouring one of them red. */
    private static final String STDERR_BEGINS = "\u001b[91m";

    private static final String STDERR_ENDS = "\u001b[0m";

    private final DockerHttpClient http;
    private final BuildProperties.Limits limits;
    private final JsonMapper json = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    ClassicBuilder(DockerHttpClient http, BuildProperties.Limits limits) {
        this.http = http;
        this.limits = limits;
    }

    /** Builds, and returns the image's id. */
    String build(BuildPlan plan, BuildOutput output) throws BuildFailedException, StepFailedException, IOException {
        Path archive = BuildContext.archive(plan);
        try (InputStream context = Files.newInputStream(archive);
                Response response = http.execute(Request.builder()
                        .method(Request.Method.POST)
                        .path(path(plan))
                        .putHeader("Content-Type", "application/x-tar")
                        .body(context)
                        .build())) {
            return follow(response, output);
        } catch (JacksonException e) {
            throw new IOException("the engine broke off", e);
        }
    }

    private String path(BuildPlan plan) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("t", plan.tag());
        parameters.put("dockerfile", BuildContext.relative(plan.context(), plan.dockerfile()));
        parameters.put("rm", "true");
        parameters.put("forcerm", "true");
        parameters.put("memory", limits.memory().toBytes());
        parameters.put("memswap", limits.memory().toBytes());
        parameters.put("cpuperiod", CPU_PERIOD_MICROS);
        parameters.put("cpuquota", (long) limits.cpuMillis() * CPU_PERIOD_MICROS / 1000);
        parameters.put("buildargs", json.writeValueAsString(plan.arguments()));
        parameters.put("labels", json.writeValueAsString(plan.labels()));
        UriComponentsBuilder uri = UriComponentsBuilder.fromPath("/build");
        parameters.keySet().forEach(name -> uri.queryParam(name, "{" + name + "}"));
        return uri.encode().buildAndExpand(parameters).toUriString();
    }

    private String follow(Response response, BuildOutput output)
            throws BuildFailedException, StepFailedException, IOException {
        if (response.getStatusCode() != 200) {
            EngineMessage refusal = json.readValue(response.getBody(), EngineMessage.class);
            throw new BuildFailedException(
                    BuildErrorCode.DOCKERFILE_INVALID, "The engine refused the Dockerfile: " + refusal.message());
        }
        String image = null;
        String lastStep = null;
        try (MappingIterator<EngineMessage> messages =
                json.readerFor(EngineMessage.class).readValues(response.getBody())) {
            while (messages.hasNextValue()) {
                EngineMessage message = messages.nextValue();
                print(message, output);
                if (message.aux() != null && message.aux().id() != null) {
                    image = message.aux().id();
                }
                lastStep = stepImage(message, lastStep);
                EngineMessage.ErrorDetail error = message.errorDetail();
                if (error != null) {
                    throw new StepFailedException(
                            error.message() == null ? "unknown error" : error.message(), error.code(), lastStep);
                }
            }
        }
        if (image == null) {
            throw new IOException("the engine broke off before the image was built");
        }
        return image;
    }

    private static @Nullable String stepImage(EngineMessage message, @Nullable String before) {
        if (message.stream() == null) {
            return before;
        }
        Matcher step = STEP_IMAGE.matcher(message.stream());
        return step.matches() ? step.group(1) : before;
    }

    private static void print(EngineMessage message, BuildOutput output) {
        String text = message.stream();
        if (text != null && text.startsWith(STDERR_BEGINS) && text.endsWith(STDERR_ENDS)) {
            output.write(Stream.STDERR, text.substring(STDERR_BEGINS.length(), text.length() - STDERR_ENDS.length()));
        } else if (text != null) {
            output.write(Stream.STDOUT, text);
        } else if (message.status() != null && message.progress() == null) {
            String id = message.id();
            output.write(Stream.STDOUT, (id == null ? "" : id + ": ") + message.status() + "\n");
        }
    }

    /** A step that failed, and the image of the last one that did not, which stays in the engine. */
    static final class StepFailedException extends Exception {

        private static final long serialVersionUID = 1L;

        /** What the engine says of a layer of its cache that went away after it had been chosen. */
        private static final Pattern LOST_LAYER =
                Pattern.compile("unknown parent image ID|No such image: sha256:|layer does not exist");

        private final @Nullable Integer exitCode;
        private final @Nullable String lastImage;

        StepFailedException(String message, @Nullable Integer exitCode, @Nullable String lastImage) {
            super(message);
            this.exitCode = exitCode;
            this.lastImage = lastImage;
        }

        String reason() {
            return String.valueOf(getMessage());
        }

        /** Whether another's removal of images is to blame; a command's own failure has an exit code. */
        boolean lostALayer() {
            return exitCode == null && LOST_LAYER.matcher(reason()).find();
        }

        @Nullable
        Integer exitCode() {
            return exitCode;
        }

        @Nullable
        String lastImage() {
            return lastImage;
        }
    }
}
