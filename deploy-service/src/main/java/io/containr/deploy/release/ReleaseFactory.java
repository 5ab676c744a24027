package io.containr.deploy.release;

import io.containr.contracts.Sealed;
import io.containr.contracts.build.BuildEvent.Commit;
import io.containr.contracts.build.PreparedImage;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.ReleaseId;
import io.containr.contracts.project.HealthCheck;
import io.containr.contracts.project.ServiceKind;
import io.containr.contracts.project.ServiceSpec;
import io.containr.contracts.project.Volume;
import io.containr.runtime.Ids;
import io.containr.runtime.secrets.SecretBox;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.codehaus.plexus.util.cli.CommandLineException;
import org.codehaus.plexus.util.cli.CommandLineUtils;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Makes releases of what was asked for and what was built. */
@Component
public final class ReleaseFactory {

    /** Where an application listens that nobody told otherwise. */
    public static final int USUAL_PORT = 8080;

    private static final int USUAL_VOLUME_MIB = 2048;
    private static final String USUAL_VOLUME_PATH = "/data";

    /** What a hypervisor can be told of: without commas, detours and the like. */
    private static final Pattern MOUNT_PATH = Pattern.compile("(?:/(?!\\.{1,2}(?:/|$))[A-Za-z0-9._-]+)+");

    private final SecretBox secrets;

    ReleaseFactory(SecretBox secrets) {
        this.secrets = secrets;
    }

    /**
     * Refuses what no release can be made of, so that it shows before a build and not after.
     *
     * @throws UnusableSpecException naming the variable or setting and what is wrong with it
     */
    public void check(ServiceSpec spec) {
        wantedPort(spec);
        command(spec.build().startCommand());
    }

    /** @throws UnusableSpecException as {@link #check} would have */
    public Release make(ServiceSpec spec, DeploymentId deployment, PreparedImage image, @Nullable Commit commit) {
        Integer port = port(spec, image);
        return new Release(
                new ReleaseId(Ids.next()),
                spec.service(),
                deployment,
                spec.kind(),
                image,
                commit,
                image.holdsStartCommand() ? null : command(spec.build().startCommand()),
                spec.variables(),
                spec.resources(),
                port,
                healthCheck(spec, port),
                volume(spec, image),
                spec.region());
    }

    /**
     * Where its application will listen, null where it will not.
     *
     * @throws UnusableSpecException as {@link #check} would have
     */
    public @Nullable Integer port(ServiceSpec spec, PreparedImage image) {
        Integer wanted = wantedPort(spec);
        List<Integer> exposed = image.config().exposedPorts();
        return switch (spec.kind()) {
            case WEB ->
                wanted != null ? wanted : exposed.size() == 1 ? exposed.getFirst() : Integer.valueOf(USUAL_PORT);
            case DATABASE -> wanted != null ? wanted : exposed.size() == 1 ? exposed.getFirst() : null;
            case WORKER, CRON -> null;
        };
    }

    /** Where the image declares one, it keeps its data there. */
    private static @Nullable Volume volume(ServiceSpec spec, PreparedImage image) {
        Volume wanted = spec.volume();
        if (spec.kind() != ServiceKind.DATABASE) {
            return null;
        }
        String declared = image.config().volumes().stream()
                .filter(path -> MOUNT_PATH.matcher(path).matches())
                .findFirst()
                .orElse(null);
        String asked = wanted == null ? null : wanted.path();
        return new Volume(
                wanted == null ? USUAL_VOLUME_MIB : wanted.sizeMiB(),
                declared != null ? declared : Objects.requireNonNullElse(asked, USUAL_VOLUME_PATH));
    }

    private static @Nullable HealthCheck healthCheck(ServiceSpec spec, @Nullable Integer port) {
        if (port == null) {
            return null;
        }
        return spec.kind().routed()
                ? spec.healthCheck()
                : new HealthCheck(null, spec.healthCheck().timeout());
    }

    private @Nullable Integer wantedPort(ServiceSpec spec) {
        Sealed sealed = spec.variables().get("PORT");
        if (sealed == null) {
            return null;
        }
        String text = secrets.open(sealed, ServiceSpec.sealedFor(spec.service(), "PORT"));
        try {
            int port = Integer.parseInt(text.strip());
            if (port >= 1 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException e) {
            throw badPort();
        }
        throw badPort();
    }

    private static UnusableSpecException badPort() {
        return new UnusableSpecException("env_vars.PORT", "must be a number from 1 to 65535");
    }

    /** Words as a shell would see them, quotes and all, but nothing is expanded and no shell runs. */
    private static @Nullable List<String> command(@Nullable String line) {
        if (line == null || line.isBlank()) {
            return null;
        }
        try {
            return List.of(CommandLineUtils.translateCommandline(line.replace('\t', ' ')));
        } catch (CommandLineException e) {
            throw new UnusableSpecException("start_command", "has a quote that does not end");
        } catch (Exception e) {
            throw new IllegalStateException("cannot split a start command", e);
        }
    }

    /** No release can be made of this specification. */
    public static final class UnusableSpecException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final String field;
        private final String problem;

        UnusableSpecException(String field, String problem) {
            super(field + " " + problem);
            this.field = field;
            this.problem = problem;
        }

        public String field() {
            return field;
        }

        public String problem() {
            return problem;
        }
    }
}
