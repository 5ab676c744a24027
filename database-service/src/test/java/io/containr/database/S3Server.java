package io.containr.database;

import static org.awaitility.Awaitility.await;

import io.containr.local.ChildProcess;
import io.containr.local.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/** An S3-compatible store, S3Proxy over a folder, with one bucket. It checks signatures; it can be stopped and comes back as it was. */
public final class S3Server implements AutoCloseable {

    public static final String BUCKET = "backups";

    private static final String IDENTITY = "containr";
    private static final String SECRET = "not-much-of-a-secret";

    private final Path home;
    private final int port = Ports.free();
    private final String scheme;
    private ChildProcess process;

    private S3Server(Path home, String scheme) throws IOException {
        this.home = home;
        this.scheme = scheme;
        Files.createDirectories(home.resolve("store").resolve(BUCKET));
        Files.writeString(credentialsFile(), """
                [default]
                aws_access_key_id = %s
                aws_secret_access_key = %s
                """.formatted(IDENTITY, SECRET));
    }

    public static S3Server start() throws IOException {
        S3Server server = new S3Server(Files.createTempDirectory("containr-test-s3-"), "http");
        server.run("");
        return server;
    }

    /** @param keys a PKCS 12 file with the server's key */
    public static S3Server startWithTls(Path keys, String password) throws IOException {
        S3Server server = new S3Server(Files.createTempDirectory("containr-test-s3-"), "https");
        server.run("s3proxy.keystore-path=%s%ns3proxy.keystore-password=%s%n".formatted(keys, password));
        return server;
    }

    private void run(String further) throws IOException {
        Path settings = Files.writeString(
                home.resolve("s3proxy.conf"),
                """
                s3proxy.%s=%s
                s3proxy.authorization=aws-v4
                s3proxy.identity=%s
                s3proxy.credential=%s
                jclouds.provider=filesystem-nio2
                jclouds.identity=none
                jclouds.credential=none
                jclouds.filesystem.basedir=%s
                """.formatted(
                                        scheme.equals("https") ? "secure-endpoint" : "endpoint",
                                        endpoint(),
                                        IDENTITY,
                                        SECRET,
                                        home.resolve("store"))
                        + further);
        process = ChildProcess.start(
                "s3proxy",
                home,
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        Path.of("target", "s3", "s3proxy.jar").toString(),
                        "--properties",
                        settings.toString()),
                Map.of(),
                home.resolve("s3proxy.out"));
        await("the store listens")
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(this::listens);
    }

    private boolean listens() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        }
    }

    public URI endpoint() {
        return URI.create(scheme + "://127.0.0.1:" + port);
    }

    public Path credentialsFile() {
        return home.resolve("credentials");
    }

    /** Objects as they lie in the bucket's folder. */
    public List<Path> objects() throws IOException {
        Path bucket = home.resolve("store").resolve(BUCKET);
        try (Stream<Path> files = Files.walk(bucket)) {
            return files.filter(Files::isRegularFile).map(bucket::relativize).toList();
        }
    }

    public byte[] read(Path object) throws IOException {
        return Files.readAllBytes(home.resolve("store").resolve(BUCKET).resolve(object));
    }

    public void write(Path object, byte[] bytes) throws IOException {
        Files.write(home.resolve("store").resolve(BUCKET).resolve(object), bytes);
    }

    public void stop() {
        process.stop(Duration.ofSeconds(10));
    }

    public void startAgain() throws IOException {
        run("");
    }

    @Override
    public void close() throws IOException {
        stop();
        FileSystemUtils.deleteRecursively(home);
    }
}
