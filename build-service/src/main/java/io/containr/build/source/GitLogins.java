package io.containr.build.source;

import io.containr.build.failure.BuildErrorCode;
import io.containr.build.failure.BuildFailedException;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.GitCredential;
import io.containr.contracts.project.ServiceSpec;
import io.containr.runtime.secrets.SecretBox;
import io.containr.runtime.secrets.SecretBox.CannotOpenException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Opens what services' repositories are fetched with, as late as possible. */
@Component
public class GitLogins {

    private final SecretBox secrets;

    GitLogins(SecretBox secrets) {
        this.secrets = secrets;
    }

    /** In clear; null: the repository is fetched without. */
    public @Nullable GitLogin open(@Nullable ServiceId service, @Nullable GitCredential credential)
            throws BuildFailedException {
        if (credential == null || service == null) {
            return null;
        }
        try {
            return new GitLogin(
                    credential.username(),
                    secrets.open(credential.token(), ServiceSpec.sealedFor(service, GitCredential.NAME)));
        } catch (CannotOpenException e) {
            throw new BuildFailedException(
                    BuildErrorCode.BUILD_VARIABLE_INVALID,
                    "The token of the repository's Git provider cannot be opened; add the provider again.",
                    e);
        }
    }
}
