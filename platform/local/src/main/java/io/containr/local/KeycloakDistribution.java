package io.containr.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * Keycloak on disk, unpacked and built once for PostgreSQL and with only those features that Containr uses. Several
 * servers may run from one distribution.
 */
public final class KeycloakDistribution {

    private static final Duration BUILD_TIME = Duration.ofMinutes(5);
    private static final List<String> BUILD = List.of(
            "build",
            "--db=postgres",
            "--health-enabled=true",
            "--http-management-health-enabled=false",
            "--metrics-enabled=false",
            "--features-disabled=account,account-api,admin-fine-grained-authz,authorization,ciba,client-policies,"
                    + "device-flow,dpop,identity-brokering-api,impersonation,instagram-broker,kerberos,organization,par,"
                    + "parameterized-scopes,passkeys,recovery-codes,step-up-authentication,step-up-authentication-saml,"
                    + "token-exchange-standard,twitter-broker,web-authn,workflows");

    private final Path home;

    private KeycloakDistribution(Path home) {
        this.home = home;
    }

    /** Where Maven put the archive when this module was built, or what {@code CONTAINR_KEYCLOAK_ARCHIVE} names. */
    public static Path archive() {
        String named = System.getenv("CONTAINR_KEYCLOAK_ARCHIVE");
        if (named != null) {
            return Path.of(named);
        }
        Properties properties = new Properties();
        try (InputStream file = KeycloakDistribution.class.getResourceAsStream("/containr-keycloak.properties")) {
            properties.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Path.of(properties.getProperty("archive"));
    }

    /**
     * Unpacks and builds unless that was done before; takes about half a minute. Safe to call from several processes at
     * once.
     *
     * @param archive the {@code tar.gz} that Keycloak publishes
     * @param directory holds one subdirectory per archive and set of build options
     */
    public static KeycloakDistribution prepare(Path archive, Path directory) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Path home = directory.toRealPath().resolve(fingerprint(archive));
        Path done = home.resolve(".built");
        synchronized (KeycloakDistribution.class) {
            try (FileChannel channel = FileChannel.open(
                            directory.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock ignored = channel.lock()) {
                if (!Files.exists(done)) {
                    build(archive, home);
                    Files.createFile(done);
                }
            }
        }
        return new KeycloakDistribution(home);
    }

    private static void build(Path archive, Path home) throws IOException, InterruptedException {
        if (!Files.isReadable(archive)) {
            throw new IOException("Keycloak is missing: no file " + archive);
        }
        delete(home);
        Files.createDirectories(home);
        run(home, List.of("tar", "-xzf", archive.toString(), "-C", home.toString(), "--strip-components=1"));
        KeycloakDistribution unpacked = new KeycloakDistribution(home);
        // It ends before what the second compiler made would pay.
        run(home, unpacked.java(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1"), BUILD));
    }

    private static void run(Path home, List<String> command) throws IOException, InterruptedException {
        Path log = home.resolve("build.log");
        Process program = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        try {
            if (!program.waitFor(BUILD_TIME)) {
                throw new IOException(command.getFirst() + " does not end, see " + log);
            }
            if (program.exitValue() != 0) {
                throw new IOException(command.getFirst() + " ended with " + program.exitValue() + ", see " + log);
            }
        } finally {
            program.destroyForcibly();
        }
    }

    /** The command that Keycloak's own script would run, without a shell in between, so that its process is ours. */
    List<String> java(List<String> jvm, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.addAll(List.of(
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "--add-opens=java.base/java.util=ALL-UNNAMED",
                "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
                "--add-opens=java.base/java.security=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dfile.encoding=UTF-8",
                "-Duser.language=en",
                "-Duser.country=US",
                "-Djava.util.concurrent.ForkJoinPool.common.threadFactory="
                        + "io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-Dpicocli.disable.closures=true",
                "-Dquarkus-log-max-startup-records=10000",
                "-Dkc.home.dir=" + home,
                "-Djboss.server.config.dir=" + home.resolve("conf"),
                "-cp",
                home.resolve("lib/quarkus-run.jar").toString(),
                "io.quarkus.bootstrap.runner.QuarkusEntryPoint"));
        command.addAll(arguments);
        return command;
    }

    /** Archive of loaded classes for this JVM; it halves the time of a start. */
    Path classArchive() {
        return home.resolve("classes-" + Runtime.version() + ".jsa");
    }

    /** Puts the realm where {@code --import-realm} looks for it. */
    void placeRealm() throws IOException {
        Path directory = Files.createDirectories(home.resolve("data/import"));
        try (InputStream realm = KeycloakDistribution.class.getResourceAsStream("/keycloak/containr-realm.json")) {
            Path written = Files.createTempFile(home, "realm", ".json");
            Files.copy(Objects.requireNonNull(realm), written, StandardCopyOption.REPLACE_EXISTING);
            Files.move(written, directory.resolve("containr-realm.json"), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static String fingerprint(Path archive) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(String.join(" ", BUILD).getBytes(StandardCharsets.UTF_8));
            String name = archive.getFileName().toString().replaceFirst("\\.tar\\.gz$", "");
            return name + "-" + HexFormat.of().formatHex(digest.digest(), 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
