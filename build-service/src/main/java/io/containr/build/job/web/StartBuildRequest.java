package io.containr.build.job.web;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Contract: StartBuildRequest. */
record StartBuildRequest(
        @Nullable
        @Pattern(
                regexp = "railpack|nixpacks|dockerfile|prebuilt",
                message = "must be railpack, nixpacks, dockerfile or prebuilt")
        String buildType,

        @Nullable @Size(max = 1024) String sourcePath,
        @Nullable @Size(max = 512) String prebuiltImage,

        @NotBlank(message = "is required")
        @Size(max = 200)
        @Pattern(
                regexp = "[a-z0-9]+((\\.|_{1,2}|-+)[a-z0-9]+)*(/[a-z0-9]+((\\.|_{1,2}|-+)[a-z0-9]+)*)*",
                message = "must be an image name: lower-case letters, digits and single separators")
        String imageName,

        @NotBlank(message = "is required")
        @Pattern(
                regexp = "[A-Za-z0-9_][A-Za-z0-9._-]{0,127}",
                message = "must be a tag: letters, digits, '_', '.', '-', at most 128")
        String imageTag,

        @Nullable @Size(max = 300) String registryUrl,

        @Nullable @Size(max = 4096) @Pattern(regexp = NO_NUL, message = NUL)
        String buildCommand,

        @Nullable @Size(max = 4096) @Pattern(regexp = NO_NUL, message = NUL)
        String startCommand,

        @Nullable @Size(max = 500)
        Map<
                        @Pattern(regexp = "[A-Za-z_][A-Za-z0-9_]{0,127}", message = "is no variable name") String,
                        @NotNull @Size(max = 65536) @Pattern(regexp = NO_NUL, message = NUL) String>
                environment,

        @Nullable @Size(max = 500)
        Map<
                        @Pattern(regexp = "[A-Za-z_][A-Za-z0-9_]{0,127}", message = "is no variable name") String,
                        @NotNull @Size(max = 65536) @Pattern(regexp = NO_NUL, message = NUL) String>
                buildArgs,

        @Nullable @Size(max = 100)
        Map<
                        @Pattern(regexp = "[^\\s=\\p{Cntrl}]{1,200}", message = "is no name of a label") String,
                        @NotNull @Size(max = 4096) @Pattern(regexp = NO_NUL, message = NUL) String>
                labels,

        @Nullable String projectId,
        @Nullable String serviceId,
        @Nullable @Size(max = 250) String branch,

        @Nullable @Pattern(regexp = "[0-9a-fA-F]{40}", message = "must be a full hash of 40 hexadecimal digits")
        String commit) {

    private static final String NO_NUL = "[^\\x00]*";
    private static final String NUL = "must not contain a NUL character";
}
