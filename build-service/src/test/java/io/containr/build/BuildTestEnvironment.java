package io.containr.build;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import io.containr.local.LocalDocker;
import io.containr.local.LocalRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;

/** The real things around builds, one of each for all tests: an engine, two registries, a Git server, a base image. */
public final class BuildTestEnvironment implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    /** A base image with busybox and nothing else, in the engine; another one in each run, so that no layer is known. */
    public static final String BUSYBOX = "containr-test/busybox:" + UUID.randomUUID();

    private static final Path HOME = temporaryDirectory();
    private static final LocalDocker DOCKER = docker();
    private static final LocalRegistry REGISTRY = registry("platform");
    private static final LocalRegistry USERS_REGISTRY = registry("users");
    private static final GitServer GIT = GitServer.start();
    private static final DockerClient CLIENT = DOCKER.client();

    static {
        buildBusybox();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            GIT.close();
            REGISTRY.close();
            USERS_REGISTRY.close();
            Tenant.engineImages().forEach(BuildTestEnvironment::removeImage);
            removeImage(BUSYBOX);
        }));
    }

    private static void removeImage(String name) {
        try {
            CLIENT.removeImageCmd(name).exec();
        } catch (NotFoundException e) {
            // Its build came to nothing, or was cleaned up.
        }
    }

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        context.getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource(
                        "build-test-environment",
                        Map.of(
                                "containr.build.docker-host", DOCKER.host().toString(),
                                "containr.build.railpack", "/nonexistent/railpack",
                                "containr.build.nixpacks", "/nonexistent/nixpacks",
                                "containr.build.registry", REGISTRY.address(),
                                "containr.build.work-directory",
                                        HOME.resolve("work").toString(),
                                "containr.build.cleanup.grace", "0s",
                                "containr.build.local-sources", localSources().toString(),
                                "containr.build.git.allowed-private-hosts", GIT.address(),
                                "containr.build.images.allowed-private-hosts", USERS_REGISTRY.address(),
                                "containr.build.images.insecure-registries", USERS_REGISTRY.address())));
    }

    public static GitServer git() {
        return GIT;
    }

    public static DockerClient engine() {
        return CLIENT;
    }

    public static String registry() {
        return REGISTRY.address();
    }

    public static String usersRegistry() {
        return USERS_REGISTRY.address();
    }

    public static Path workDirectory() {
        return HOME.resolve("work");
    }

    public static Path localSources() {
        try {
            return Files.createDirectories(HOME.resolve("sources"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void buildBusybox() {
        Path context = HOME.resolve("busybox");
        try {
            Files.createDirectories(context);
            Files.copy(Path.of("/bin/busybox"), context.resolve("busybox"));
            Files.writeString(context.resolve("run"), BUSYBOX);
            Files.writeString(context.resolve("Dockerfile"), """
                    FROM scratch
                    COPY busybox /bin/busybox
                    RUN ["/bin/busybox", "--install", "-s", "/bin"]
                    COPY run /run-of-tests
                    """);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        CLIENT.buildImageCmd(context.toFile()).withTags(Set.of(BUSYBOX)).start().awaitImageId();
    }

    private static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("containr-test-build-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static LocalDocker docker() {
        try {
            return LocalDocker.ensure(HOME.resolve("docker"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static LocalRegistry registry(String name) {
        try {
            return LocalRegistry.start(HOME.resolve("registry-" + name), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
