package io.containr.database.catalogue;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How an engine is run.
 *
 * @param versions the first one is what a database gets that asks for none
 * @param furtherVersions that an installation adds to those
 * @param port where it is asked whether it is there
 * @param furtherPorts of other protocols that it speaks
 * @param volumePath where it finds its volume
 * @param command in the place of the image's entrypoint and command; empty: those
 * @param arguments after the image's entrypoint, in the place of its command; empty: that
 * @param variables by name; what stands in braces is generated for each database
 */
public record Engine(
        @NotEmpty List<@Valid Version> versions,
        @DefaultValue List<@Valid Version> furtherVersions,
        @Min(1) @Max(65535) int port,
        @DefaultValue List<@Min(1) @Max(65535) Integer> furtherPorts,
        @NotBlank @Pattern(regexp = "(/[A-Za-z0-9._-]+)+") String volumePath,
        @DefaultValue List<String> command,
        @DefaultValue List<String> arguments,
        @DefaultValue Map<String, String> variables) {

    /** Stands for the certificate of an instance, and {@link #KEY} for its key; both as PEM. */
    public static final String CERTIFICATE = "{certificate}";

    public static final String KEY = "{key}";

    /** Stands for the certificate of the authority that signed it. */
    public static final String AUTHORITY = "{authority}";

    /** Stands for how much of its write-ahead log an engine keeps at most for whoever has not fetched it yet. */
    public static final String WAL_LIMIT = "{wal-limit}";

    public Engine {
        versions = Stream.concat(versions.stream(), furtherVersions.stream()).toList();
        furtherVersions = List.copyOf(furtherVersions);
        furtherPorts = List.copyOf(furtherPorts);
        command = List.copyOf(command);
        arguments = List.copyOf(arguments);
        variables = Map.copyOf(variables);
    }

    /** Whether it is given a certificate, so that it is spoken to over TLS. */
    public boolean hasCertificate() {
        return variables.containsValue(CERTIFICATE);
    }

    /** Whether its command limits, and replays, a write-ahead log, so that it can go back to a point in time. */
    public boolean hasWal() {
        return variables.containsValue(WAL_LIMIT);
    }

    /** @param image reference of an image, with a tag or digest */
    public record Version(
            @NotBlank @Pattern(regexp = "[A-Za-z0-9._-]{1,30}")
            String version,

            @NotBlank String image) {}

    /** The version that was asked for, or the first. */
    public Optional<Version> version(@Nullable String wanted) {
        return wanted == null
                ? versions.stream().findFirst()
                : versions.stream()
                        .filter(known -> known.version().equals(wanted))
                        .findFirst();
    }
}
