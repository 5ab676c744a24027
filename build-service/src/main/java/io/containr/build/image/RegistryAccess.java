package io.containr.build.image;

import com.github.dockerjava.api.model.AuthConfig;
import com.google.cloud.tools.jib.api.Credential;
import io.containr.build.BuildProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The platform's registry: where it is and how to log in. */
@Component
public class RegistryAccess {

    private final String address;
    private final boolean insecure;
    private final @Nullable Credential credential;

    RegistryAccess(BuildProperties properties) throws IOException {
        this.address = properties.registry();
        this.insecure = properties.registryInsecure();
        String user = properties.registryUsername();
        Path passwordFile = properties.registryPasswordFile();
        if ((user == null) != (passwordFile == null)) {
            throw new IllegalArgumentException(
                    "containr.build.registry-username and registry-password-file belong together");
        }
        this.credential = user == null || passwordFile == null
                ? null
                : Credential.from(user, Files.readString(passwordFile).strip());
    }

    /** {@code host:port}. */
    public String address() {
        return address;
    }

    boolean insecure() {
        return insecure;
    }

    @Nullable
    Credential credential() {
        return credential;
    }

    /** For pushes by the engine; null where the registry asks for nothing. */
    public @Nullable AuthConfig engineCredentials() {
        return credential == null
                ? null
                : new AuthConfig()
                        .withRegistryAddress(address)
                        .withUsername(credential.getUsername())
                        .withPassword(credential.getPassword());
    }
}
