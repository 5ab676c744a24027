package io.containr.deploy.request.web;

import io.containr.deploy.deployment.Trigger;
import io.containr.deploy.request.DeploymentRequests.NewDeployment;
import io.containr.runtime.web.ApiException;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The body of a new deployment; everything in it may be left out. */
record CreateDeploymentRequest(
        @Nullable
        @Size(min = 1, max = 255)
        @Pattern(regexp = "(?!-)[^\\s\\p{Cntrl}~^:?*\\[\\\\]+", message = "is not the name of a branch")
        String branch,

        @Nullable @Pattern(regexp = "[0-9a-fA-F]{7,64}", message = "must be 7 to 64 hexadecimal digits")
        String commitHash,

        @Nullable String trigger,

        @Nullable @Size(max = 200, message = "must not have more than 200 entries")
        Map<
                        @Pattern(
                                regexp = "[A-Za-z_][A-Za-z0-9_]{0,254}",
                                message = "must be letters, digits and underscores")
                        String,
                        @NotNull @Size(max = 32_768, message = "must not be longer than 32768 characters")
                        @Pattern(regexp = "[^\\x00]*", message = "must not contain a NUL character") String>
                envVars) {

    static final CreateDeploymentRequest EMPTY = new CreateDeploymentRequest(null, null, null, null);

    NewDeployment toDomain() {
        return new NewDeployment(trigger(trigger), branch, commitHash, envVars == null ? Map.of() : envVars);
    }

    private static Trigger trigger(@Nullable String word) {
        return switch (word == null ? "manual" : word) {
            case "manual" -> Trigger.MANUAL;
            case "webhook" -> Trigger.WEBHOOK;
            case "restart" -> Trigger.RESTART;
            default -> throw ApiException.invalid("trigger", "must be manual, webhook or restart");
        };
    }
}
