package io.containr.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containr.contracts.agent.AgentCommand.EnsureInstance;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.project.Volume;
import io.containr.database.catalogue.Catalogue;
import io.containr.database.catalogue.DatabaseType;
import io.containr.database.catalogue.Engine;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;

/** The exact guest of every engine, as the catalogue that is delivered makes it, and catalogues that are refused. */
class EnginesIT extends DatabaseServiceTest {

    private static final String PASSWORD = "[A-Za-z0-9]{32}";

    private static final String TLS = "/tmp/tls";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mysql | 3306 | /var/lib/containr | docker-entrypoint.sh mysqld --datadir=/var/lib/containr/mysql --skip-log-bin | mysql | --ssl-cert=/tmp/tls/server.crt --ssl-key=/tmp/tls/server.key",
                "mariadb | 3306 | /var/lib/containr | docker-entrypoint.sh mariadbd --datadir=/var/lib/containr/mysql | mysql | --ssl-cert=/tmp/tls/server.crt --ssl-key=/tmp/tls/server.key",
                "redis | 6379 | /data | docker-entrypoint.sh redis-server --dir /data --appendonly yes --requirepass \"$REDIS_PASSWORD\" | redis | --port 0 --tls-port 6379 --tls-cert-file /tmp/tls/server.crt --tls-key-file /tmp/tls/server.key --tls-auth-clients no"
            })
    void guest(String type, int port, String volume, String command, String user, String encrypted) {
        InstanceSpec spec = guestOf("Shop 1 " + type, type);

        assertThat(spec.port()).isEqualTo(port);
        assertThat(spec.volume()).isEqualTo(new Volume(10 * 1024, volume));
        assertThat(spec.resources().cpuMillis()).isEqualTo(1000);
        assertThat(spec.resources().memoryMiB()).isEqualTo(1024);
        assertThat(spec.command()).containsExactly("sh", "-c", """
                set -e
                if [ -z "$TLS_KEY" ]; then exec %1$s; fi
                mkdir -p /tmp/tls
                printf %%s "$TLS_CERTIFICATE" > /tmp/tls/server.crt
                (umask 077; printf %%s "$TLS_KEY" > /tmp/tls/server.key)
                chown -R %2$s /tmp/tls
                unset TLS_KEY
                exec %1$s %3$s
                """.formatted(command, user, encrypted));
        assertThat(spec.environment()).isEmpty();
    }

    @Test
    void dragonflyWritesItsSnapshotsIntoItsVolumeAndSpeaksTls() throws Exception {
        InstanceSpec spec = guestOf("Shop 1 dragonfly", "dragonfly");

        assertThat(spec.port()).isEqualTo(6379);
        assertThat(spec.volume()).isEqualTo(new Volume(10 * 1024, "/data"));
        assertThat(runs(spec, "entrypoint.sh", "dfly"))
                .containsExactly(
                        "dragonfly",
                        "--logtostderr",
                        "--dir=/data",
                        "--dbfilename=dump",
                        "--snapshot_cron=*/5 * * * *",
                        "--tls",
                        "--tls_cert_file=" + TLS + "/server.crt",
                        "--tls_key_file=" + TLS + "/server.key");
    }

    @Test
    void mongoIsGivenAnAuthorityWithoutWhichItTakesNoCertificate() throws Exception {
        InstanceSpec spec = guestOf("Shop 1 mongodb", "mongodb");

        assertThat(spec.port()).isEqualTo(27017);
        assertThat(spec.volume()).isEqualTo(new Volume(10 * 1024, "/data/db"));
        assertThat(runs(spec, "docker-entrypoint.sh", "mongodb"))
                .containsExactly(
                        "mongod",
                        "--tlsMode",
                        "requireTLS",
                        "--tlsCertificateKeyFile",
                        TLS + "/server.pem",
                        "--tlsCAFile",
                        TLS + "/authority.crt",
                        "--tlsAllowConnectionsWithoutCertificates");
        assertThat(world.variable(spec, "TLS_AUTHORITY"))
                .isEqualTo(api.get(DATABASES).text("/databases/0/ca_certificate"));
    }

    /** What the engine makes of it is shown end to end. */
    @Test
    void clickHouseSpeaksTlsOnBothPortsAndNothingElse() throws Exception {
        InstanceSpec spec = guestOf("Shop 1 clickhouse", "clickhouse");

        assertThat(spec.port()).isEqualTo(8123);
        assertThat(spec.volume()).isEqualTo(new Volume(10 * 1024, "/var/lib/clickhouse"));
        assertThat(runs(spec, "entrypoint.sh", "clickhouse")).isEmpty();
        Element server = configuration("clickhouse-server");
        assertThat(text(server, "https_port")).isEqualTo("8123");
        assertThat(text(server, "tcp_port_secure")).isEqualTo("9000");
        assertThat(text(server, "certificateFile")).endsWith("/server.crt");
        assertThat(text(server, "privateKeyFile")).endsWith("/server.key");
        assertThat(List.of("http_port", "tcp_port", "mysql_port", "postgresql_port", "interserver_http_port"))
                .allSatisfy(port ->
                        assertThat(element(server, port).getAttribute("remove")).isEqualTo("1"));
        Element client = configuration("clickhouse-client");
        assertThat(text(client, "secure")).isEqualTo("1");
        assertThat(text(client, "port")).isEqualTo("9000");
    }

    private Element configuration(String program) throws Exception {
        return DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(directory.resolve("etc/" + program + "/config.d/tls.xml").toFile())
                .getDocumentElement();
    }

    private static String text(Element configuration, String name) {
        return element(configuration, name).getTextContent();
    }

    private static Element element(Element configuration, String name) {
        return (Element) configuration.getElementsByTagName(name).item(0);
    }

    /** What a guest's command hands to the image's entrypoint, once run with stand-ins for what images have. */
    private List<String> runs(InstanceSpec spec, String entrypoint, String user) throws Exception {
        Path programs = Files.createDirectories(directory.resolve("bin"));
        Path told = directory.resolve("told");
        program(
                programs.resolve(entrypoint),
                "#!/bin/sh\nfor word; do printf '%s\\n' \"$word\"; done > " + told + "\n");
        program(programs.resolve("chown"), "#!/bin/sh\n[ \"$2\" = " + user + " ]\n");
        assertThat(spec.command()).hasSize(3).startsWith("sh", "-c");
        Path tls = directory.resolve("tls");
        String script = spec.command()
                .getLast()
                .replace(TLS, tls.toString())
                .replace("/etc/", directory.resolve("etc") + "/")
                .replace("exec /entrypoint.sh", "exec " + programs.resolve(entrypoint));
        ProcessBuilder shell = new ProcessBuilder("/bin/sh", "-c", script);
        shell.environment().merge("PATH", programs.toString(), (path, ours) -> ours + ":" + path);
        spec.variables().keySet().forEach(name -> shell.environment().put(name, world.variable(spec, name)));
        assertThat(shell.inheritIO().start().waitFor()).isZero();
        assertThat(keys(tls)).contains(world.variable(spec, "TLS_KEY").strip());
        return Files.readAllLines(told).stream()
                .map(word -> word.replace(tls.toString(), TLS))
                .toList();
    }

    private static void program(Path file, String text) throws IOException {
        Files.writeString(file, text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    /** All that nobody but its owner may read. */
    private static String keys(Path directory) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                if (Files.getPosixFilePermissions(file)
                        .equals(Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE))) {
                    all.append(Files.readString(file));
                } else {
                    assertThat(file).content().doesNotContain("PRIVATE KEY");
                }
            }
        }
        return all.toString();
    }

    /** What it does with a log to replay is shown end to end. */
    @Test
    void postgresqlKeepsLogForATenthOfItsDiskAndReplaysWhereItIsToldTo() throws Exception {
        InstanceSpec spec = guestOf("Shop 1 postgresql", "postgresql");

        assertThat(spec.port()).isEqualTo(5432);
        assertThat(spec.volume()).isEqualTo(new Volume(10 * 1024, "/var/lib/postgresql/data"));
        assertThat(spec.command()).hasSize(3).startsWith("sh", "-c");
        String script = spec.command().getLast();
        assertThat(script)
                .contains("-c max_slot_wal_keep_size=\"$WAL_LIMIT\"")
                .contains("-c ssl=on -c ssl_cert_file=/tmp/tls/server.crt -c ssl_key_file=/tmp/tls/server.key")
                .contains("if [ -z \"$CONTAINR_RECOVERY\" ]; then exec docker-entrypoint.sh postgres \"$@\"; fi");
        assertThat(world.variable(spec, "WAL_LIMIT")).isEqualTo("1024MB");
        assertThat(spec.variables()).doesNotContainKeys("CONTAINR_RECOVERY", "CONTAINR_RECOVERY_TARGET");
        assertThat(new ProcessBuilder("/bin/sh", "-n", "-c", script).start().waitFor())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgresql", "mysql", "mariadb", "redis", "dragonfly", "mongodb", "clickhouse"})
    void anEngineIsKnownByTheInstallationsAuthorityUnderItsPrivateName(String type) throws Exception {
        InstanceSpec spec = guestOf("known " + type, type);
        X509Certificate authority = certificate(api.get(DATABASES).text("/databases/0/ca_certificate"));

        X509Certificate own = certificate(world.variable(spec, "TLS_CERTIFICATE"));

        own.verify(authority.getPublicKey());
        authority.verify(authority.getPublicKey());
        assertThat(authority.getBasicConstraints()).isZero();
        assertThat(own.getBasicConstraints()).isEqualTo(-1);
        assertThat(own.getSubjectAlternativeNames().stream().map(name -> String.valueOf(name.get(1))))
                .contains(spec.privateName() + ".internal");
        assertThat(world.variable(spec, "TLS_KEY")).startsWith("-----BEGIN PRIVATE KEY-----");
        assertThat(api.get(DATABASES).json().at("/databases/0/settings/ssl").booleanValue())
                .isTrue();
    }

    private static X509Certificate certificate(String pem) throws CertificateException {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void variablesOfTheImages() {
        assertThat(variables("postgresql")).satisfies(found -> {
            assertThat(found)
                    .containsEntry("POSTGRES_USER", "containr")
                    .containsEntry("POSTGRES_DB", "the_db")
                    .containsEntry("PGDATA", "/var/lib/postgresql/data/pgdata");
            assertThat(found.get("POSTGRES_PASSWORD")).matches(PASSWORD);
        });
        assertThat(variables("mysql")).satisfies(found -> {
            assertThat(found).containsEntry("MYSQL_USER", "containr").containsEntry("MYSQL_DATABASE", "the_db");
            assertThat(found.get("MYSQL_PASSWORD")).matches(PASSWORD).isNotEqualTo(found.get("MYSQL_ROOT_PASSWORD"));
        });
        assertThat(variables("mongodb"))
                .containsEntry("MONGO_INITDB_ROOT_USERNAME", "containr")
                .containsEntry("MONGO_INITDB_DATABASE", "the_db");
        assertThat(variables("clickhouse"))
                .containsEntry("CLICKHOUSE_USER", "containr")
                .containsEntry("CLICKHOUSE_DB", "the_db");
    }

    @Test
    void aCatalogueThatContradictsItselfKeepsTheServiceFromStarting() {
        Map<DatabaseType, Engine> engines = new EnumMap<>(properties.engines());
        engines.remove(DatabaseType.MYSQL);
        engines.put(
                DatabaseType.REDIS,
                new Engine(
                        List.of(new Engine.Version("7", "redis:latest"), new Engine.Version("7", "redis")),
                        List.of(),
                        6379,
                        List.of(),
                        "/data",
                        List.of("redis-server"),
                        List.of("--appendonly"),
                        Map.of("NOT A NAME", "{pasword}", "A_KEY", "{key}")));

        assertThatThrownBy(() -> new Catalogue(new DatabaseProperties(
                        1,
                        1,
                        List.of(),
                        properties.rootDisk(),
                        properties.sweep(),
                        Map.of(),
                        engines,
                        properties.images(),
                        properties.backups(),
                        properties.wal(),
                        properties.metrics(),
                        properties.patience())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll(
                        "plans.hobby is missing",
                        "engines.mysql is missing",
                        "names 7 twice",
                        "redis:latest is no image",
                        "a command and arguments",
                        "NOT A NAME is no name",
                        "nothing is generated for {pasword}",
                        "an engine needs both",
                        "hands the {password} to nobody");
    }

    private Map<String, String> variables(String type) {
        InstanceSpec spec = guestOf("the db", type);
        return spec.variables().keySet().stream()
                .collect(java.util.stream.Collectors.toMap(name -> name, name -> world.variable(spec, name)));
    }

    private InstanceSpec guestOf(String name, String type) {
        newOwner();
        String id = create(name, type);
        String label = api.get(DATABASES + "/" + id).text("/private_domain").replace(".internal", "");
        return messages.await(
                        EnsureInstance.class,
                        command -> label.equals(command.spec().privateName()))
                .spec();
    }
}
