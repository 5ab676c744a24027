package io.containr.database.managed;

import io.containr.contracts.Sealed;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.build.PreparedImage;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.project.HealthCheck;
import io.containr.contracts.project.Resources;
import io.containr.contracts.project.ServiceSpec;
import io.containr.contracts.project.Volume;
import io.containr.database.DatabaseProperties;
import io.containr.database.catalogue.Catalogue;
import io.containr.database.catalogue.Engine;
import io.containr.database.catalogue.PlanSize;
import io.containr.database.tls.CertificateAuthority;
import io.containr.database.tls.KeyAndCertificate;
import io.containr.runtime.secrets.SecretBox;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Describes the guest of a database, as the agent shall make it. */
@Component
class InstanceFactory {

    /** By which an engine's command knows that it has to replay a log first, and up to when. */
    private static final String RECOVERY = "CONTAINR_RECOVERY";

    private static final String RECOVERY_TARGET = "CONTAINR_RECOVERY_TARGET";

    private static final DateTimeFormatter TARGET =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSSxxx", Locale.ROOT);

    /** Of the disk, for log that nobody fetches. */
    private static final int WAL_SHARE = 10;

    /** What a database without TLS is not given. */
    private static final Set<String> OF_ENCRYPTION = Set.of(Engine.CERTIFICATE, Engine.KEY, Engine.AUTHORITY);

    private static final Pattern BRACES = Pattern.compile("\\{[a-z-]+}");

    private final Catalogue catalogue;
    private final Credentials credentials;
    private final SecretBox secrets;
    private final CertificateAuthority authority;
    private final DatabaseProperties properties;

    InstanceFactory(
            Catalogue catalogue,
            Credentials credentials,
            SecretBox secrets,
            CertificateAuthority authority,
            DatabaseProperties properties) {
        this.catalogue = catalogue;
        this.credentials = credentials;
        this.secrets = secrets;
        this.authority = authority;
        this.properties = properties;
    }

    /** The database has an image. */
    InstanceSpec describe(Database database, InstanceId instance) {
        PreparedImage image = Objects.requireNonNull(database.image(), "its image is known");
        Engine engine = catalogue.engine(database.type());
        PlanSize size = catalogue.size(database.plan());
        return new InstanceSpec(
                instance,
                database.volume(),
                database.network(),
                new DeploymentId(instance.value()),
                database.generation(),
                database.privateName(),
                properties.regions().isEmpty() ? null : database.region(),
                image,
                command(engine, image),
                Map.of(),
                variables(database, engine),
                new Resources(
                        size.cpuMillis(),
                        size.memoryMiB(),
                        Math.toIntExact(properties.rootDisk().toMegabytes())),
                engine.port(),
                new HealthCheck(null, properties.patience().start()),
                properties.patience().stopGrace(),
                new Volume(size.diskMiB(), engine.volumePath()),
                database.privateName(),
                null,
                // What it does on its own, as jobs that an extension runs, it must not do a second time to the world.
                database.isDrill(),
                database.isDrill() || database.allowedNetworks().isEmpty() ? null : database.allowedNetworks());
    }

    /** With an offset in digits: PostgreSQL knows no letters yet where it reads this. */
    private static String target(Instant time) {
        return time.atOffset(ZoneOffset.UTC).format(TARGET);
    }

    private static @Nullable List<String> command(Engine engine, PreparedImage image) {
        if (!engine.command().isEmpty()) {
            return engine.command();
        }
        if (engine.arguments().isEmpty()) {
            return null;
        }
        List<String> command = new ArrayList<>(image.config().entrypoint());
        command.addAll(engine.arguments());
        return command;
    }

    private Map<String, Sealed> variables(Database database, Engine engine) {
        Map<String, String> generated = new HashMap<>(Map.of(
                "{user}", database.access().user(),
                "{password}", credentials.open(database.id(), database.access().password()),
                "{admin-password}",
                        credentials.open(database.id(), database.access().admin()),
                "{database}", database.access().database()));
        generated.put(Engine.WAL_LIMIT, catalogue.size(database.plan()).diskMiB() / WAL_SHARE + "MB");
        if (database.encrypted()) {
            String name = database.privateName();
            KeyAndCertificate own = authority.issue(List.of(name + ".internal", name));
            generated.put(Engine.CERTIFICATE, own.certificate());
            generated.put(Engine.KEY, own.key());
            generated.put(Engine.AUTHORITY, authority.certificate());
        }
        Map<String, Sealed> variables = new HashMap<>();
        engine.variables().forEach((name, template) -> {
            if (!database.encrypted() && OF_ENCRYPTION.contains(template)) {
                return;
            }
            String value = BRACES.matcher(template)
                    .replaceAll(found -> Matcher.quoteReplacement(
                            Objects.requireNonNull(generated.get(found.group()), "the catalogue was checked")));
            variables.put(name, secrets.seal(value, ServiceSpec.sealedFor(database.volume(), name)));
        });
        Database.Recovery.Point point = database.replays();
        if (point != null) {
            Map.of(RECOVERY, database.volume().toString(), RECOVERY_TARGET, target(point.time()))
                    .forEach((name, value) ->
                            variables.put(name, secrets.seal(value, ServiceSpec.sealedFor(database.volume(), name))));
        }
        return variables;
    }
}
