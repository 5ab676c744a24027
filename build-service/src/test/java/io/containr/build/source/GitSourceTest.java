package io.containr.build.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import io.containr.build.GitServer;
import io.containr.build.Settings;
import io.containr.build.failure.BuildErrorCode;
import io.containr.build.failure.BuildFailedException;
import io.containr.build.source.GitSource.Checkout;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GitSourceTest {

    @TempDir
    static Path repositories;

    private static GitServer server;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() throws IOException {
        server = new GitServer(repositories);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void theDefaultBranchIsCheckedOutWithoutGitsOwnFiles() throws Exception {
        server.commit("plain", Map.of("a.txt", "old"), "First");
        String head = server.commit("plain", Map.of("a.txt", "new", "dir/b.txt", "b"), "Second\n\nwith a body");

        Checkout checkout = source().checkout(location("plain", null, null), directory);

        assertThat(checkout.directory().resolve("a.txt")).hasContent("new");
        assertThat(checkout.directory().resolve("dir/b.txt")).hasContent("b");
        assertThat(checkout.directory().resolve(".git")).doesNotExist();
        assertThat(checkout.commit().hash()).isEqualTo(head);
        assertThat(checkout.commit().message()).isEqualTo("Second");
    }

    @Test
    void aBranchAndAnOldCommitAreFound() throws Exception {
        String old = server.commit("branches", Map.of("a.txt", "1"), "One");
        server.commit("branches", Map.of("a.txt", "2"), "Two");
        server.commit("branches", "feature/x", Map.of("a.txt", "x"), "Feature");

        assertThat(source().checkout(location("branches", "feature/x", null), sub("branch"))
                        .directory()
                        .resolve("a.txt"))
                .hasContent("x");
        assertThat(source().checkout(location("branches", "main", old), sub("commit"))
                        .directory()
                        .resolve("a.txt"))
                .hasContent("1");
    }

    @Test
    void whatDoesNotExistIsNamed() {
        server.commit("few", Map.of("a.txt", "1"), "One");

        server.commit("guarded-too", Map.of("a.txt", "1"), "One");

        assertThat(failure("missing", null, null)).isEqualTo(BuildErrorCode.REPOSITORY_NOT_FOUND);
        assertThat(failure("guarded-too", null, null)).isEqualTo(BuildErrorCode.REPOSITORY_NOT_FOUND);
        assertThat(failure("few", "nope", null)).isEqualTo(BuildErrorCode.BRANCH_NOT_FOUND);
        assertThat(failure("few", "a..b", null)).isEqualTo(BuildErrorCode.BRANCH_NOT_FOUND);
        assertThat(failure("few", "main", "0123456789012345678901234567890123456789"))
                .isEqualTo(BuildErrorCode.COMMIT_NOT_FOUND);
        assertThat(failure("few", "main", "--upload-pack=x")).isEqualTo(BuildErrorCode.COMMIT_NOT_FOUND);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///etc",
                "/etc",
                "../x",
                "git://example.com/x",
                "ext::sh -c id",
                "ftp://example.com/x",
                "http://",
                ""
            })
    void onlyHttpAndSshAreFetched(String url) {
        assertThatExceptionOfType(BuildFailedException.class)
                .isThrownBy(() -> GitLocation.of(url, null, null))
                .extracting(BuildFailedException::code)
                .isEqualTo(BuildErrorCode.REPOSITORY_INVALID);
    }

    @Test
    void sshNeedsAKeyOfTheOperators() {
        assertThat(failure(() -> source().checkout(GitLocation.of("git@127.0.0.1:x.git", null, null), directory)))
                .isEqualTo(BuildErrorCode.REPOSITORY_FORBIDDEN);
    }

    @Test
    void privateAddressesAreRefusedUnlessAllowed() {
        server.commit("private", Map.of("a.txt", "1"), "One");
        GitSource strict = new GitSource(Settings.of(Map.of()));
        GitSource otherPort = new GitSource(Settings.of(Map.of("git.allowed-private-hosts", "127.0.0.1:1")));

        assertThat(failure(() -> strict.checkout(location("private", null, null), directory)))
                .isEqualTo(BuildErrorCode.REPOSITORY_FORBIDDEN);
        assertThat(failure(() -> otherPort.checkout(location("private", null, null), directory)))
                .isEqualTo(BuildErrorCode.REPOSITORY_FORBIDDEN);
    }

    @Test
    void aRedirectToAPrivateAddressIsRefused() throws IOException {
        server.commit("redirected", Map.of("a.txt", "1"), "One");
        HttpServer redirecting = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        redirecting.createContext("/", exchange -> {
            exchange.getResponseHeaders()
                    .add("Location", server.url("redirected") + "/info/refs?service=git-upload-pack");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        redirecting.start();
        try {
            String address = "127.0.0.1:" + redirecting.getAddress().getPort();
            GitSource onlyRedirecting = new GitSource(Settings.of(Map.of("git.allowed-private-hosts", address)));

            assertThat(failure(() -> onlyRedirecting.checkout(
                            GitLocation.of("http://" + address + "/x", null, null), directory)))
                    .isEqualTo(BuildErrorCode.REPOSITORY_FORBIDDEN);
        } finally {
            redirecting.stop(0);
        }
    }

    @Test
    void aRepositoryOverItsLimitIsRefusedBeforeItIsOnDisk() {
        server.commit("large", Map.of("zeros.txt", "0".repeat(3_000_000)), "Compresses well");

        GitSource small = source(Map.of("git.max-size", "1MB"));

        assertThat(failure(() -> small.checkout(location("large", null, null), directory)))
                .isEqualTo(BuildErrorCode.REPOSITORY_TOO_LARGE);
        assertThat(directory.resolve("source/zeros.txt")).doesNotExist();
    }

    @Test
    void tooManyFilesAreRefused() {
        Map<String, String> files = new HashMap<>();
        for (int i = 0; i < 20; i++) {
            files.put("file" + i, "x");
        }
        server.commit("many", files, "Many");

        assertThat(failure(
                        () -> source(Map.of("git.max-files", "10")).checkout(location("many", null, null), directory)))
                .isEqualTo(BuildErrorCode.REPOSITORY_TOO_LARGE);
    }

    @Test
    void aServerThatNeverAnswersIsGivenUp() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + silent.getLocalPort();
            GitSource hasty =
                    new GitSource(Settings.of(Map.of("git.allowed-private-hosts", address, "git.timeout", "500ms")));

            CompletableFuture<BuildErrorCode> code = inVirtualThread(() ->
                    failure(() -> hasty.checkout(GitLocation.of("http://" + address + "/x", null, null), directory)));

            assertThat(code).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(BuildErrorCode.CLONE_TIMEOUT);
        }
    }

    @Test
    void anInterruptionEndsAClone() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + silent.getLocalPort();
            GitSource patient = new GitSource(Settings.of(Map.of("git.allowed-private-hosts", address)));
            CompletableFuture<Throwable> ended = new CompletableFuture<>();
            Thread clone = Thread.ofVirtual().start(() -> {
                try {
                    patient.checkout(GitLocation.of("http://" + address + "/x", null, null), directory);
                } catch (Exception e) {
                    ended.complete(e);
                }
            });
            silent.accept();
            clone.interrupt();

            assertThat(ended.get(5, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void whatIsNoGitServerIsUnreachable() throws IOException {
        HttpServer web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 5);
            exchange.getResponseBody().write("hello".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            exchange.close();
        });
        web.start();
        try {
            String address = "127.0.0.1:" + web.getAddress().getPort();
            GitSource allowed = new GitSource(Settings.of(Map.of("git.allowed-private-hosts", address)));

            BuildFailedException failure = catchThrowableOfType(
                    BuildFailedException.class,
                    () -> allowed.checkout(
                            GitLocation.of("http://ada:hunter2@" + address + "/x", null, null), directory));

            assertThat(failure.code()).isIn(BuildErrorCode.REPOSITORY_UNREACHABLE, BuildErrorCode.REPOSITORY_NOT_FOUND);
            assertThat(failure.getMessage())
                    .contains(address)
                    .doesNotContain("hunter2")
                    .doesNotContain("ada");
        } finally {
            web.stop(0);
        }
    }

    @Test
    void credentialsInTheUrlAreUsedAndNotShown() throws Exception {
        server.commit("guarded", Map.of("a.txt", "1"), "One");
        GitLocation location =
                GitLocation.of(server.url("guarded").replace("http://", "http://ada:hunter2@"), null, null);

        source().checkout(location, directory);

        assertThat(location.toString() + location.display())
                .doesNotContain("hunter2")
                .doesNotContain("ada@");
        assertThat(Files.readString(directory.resolve("git/config"))).doesNotContain("hunter2");
    }

    @Test
    void aPrivateRepositoryIsFetchedWithItsLogin() throws Exception {
        server.commit("guarded-login", Map.of("a.txt", "1"), "One");
        GitLocation location = location("guarded-login", null, null);

        Checkout checkout = source().checkout(location, new GitLogin("ada", "hunter2"), directory);

        assertThat(checkout.directory().resolve("a.txt")).hasContent("1");
        assertThat(Files.readString(directory.resolve("git/config"))).doesNotContain("hunter2");
        assertThat(failure(() -> source().checkout(location, new GitLogin("ada", "wrong"), sub("wrong"))))
                .isEqualTo(BuildErrorCode.REPOSITORY_NOT_FOUND);
        assertThat(failure(() -> source().checkout(location, sub("none"))))
                .isEqualTo(BuildErrorCode.REPOSITORY_NOT_FOUND);
        assertThat(new GitLogin("ada", "hunter2").toString()).doesNotContain("hunter2");
    }

    @Test
    void aLoginGoesToNoOtherHostThanItsOwn() throws Exception {
        List<String> leaked = new CopyOnWriteArrayList<>();
        AtomicInteger askedElsewhere = new AtomicInteger();
        HttpServer elsewhere = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        elsewhere.createContext("/", exchange -> {
            askedElsewhere.incrementAndGet();
            leaked.addAll(exchange.getRequestHeaders().getOrDefault("Authorization", List.of()));
            exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"git\"");
            exchange.sendResponseHeaders(401, -1);
            exchange.close();
        });
        HttpServer own = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        own.createContext("/", exchange -> {
            if (exchange.getRequestHeaders().containsKey("Authorization")) {
                exchange.getResponseHeaders()
                        .add(
                                "Location",
                                "http://127.0.0.1:" + elsewhere.getAddress().getPort()
                                        + "/x/info/refs?service=git-upload-pack");
                exchange.sendResponseHeaders(302, -1);
            } else {
                exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"git\"");
                exchange.sendResponseHeaders(401, -1);
            }
            exchange.close();
        });
        elsewhere.start();
        own.start();
        try {
            GitSource any = new GitSource(Settings.of(Map.of("git.allowed-private-hosts", "127.0.0.1")));
            GitLocation location =
                    GitLocation.of("http://127.0.0.1:" + own.getAddress().getPort() + "/x", null, null);

            assertThat(failure(() -> any.checkout(location, new GitLogin("ada", "hunter2"), directory)))
                    .isEqualTo(BuildErrorCode.REPOSITORY_NOT_FOUND);
            assertThat(askedElsewhere.get()).isPositive();
            assertThat(leaked).isEmpty();
        } finally {
            own.stop(0);
            elsewhere.stop(0);
        }
    }

    private static GitSource source() {
        return source(Map.of());
    }

    private static GitSource source(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(more);
        settings.put("git.allowed-private-hosts", server.address());
        return new GitSource(Settings.of(settings));
    }

    private Path sub(String name) {
        return directory.resolve(name);
    }

    private static GitLocation location(String repository, @Nullable String branch, @Nullable String commit)
            throws BuildFailedException {
        return GitLocation.of(server.url(repository), branch, commit);
    }

    private BuildErrorCode failure(String repository, @Nullable String branch, @Nullable String commit) {
        return failure(
                () -> source().checkout(location(repository, branch, commit), sub(repository + branch + commit)));
    }

    private static BuildErrorCode failure(org.assertj.core.api.ThrowableAssert.ThrowingCallable checkout) {
        return catchThrowableOfType(BuildFailedException.class, checkout).code();
    }

    private static <T> CompletableFuture<T> inVirtualThread(java.util.function.Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, task -> Thread.ofVirtual().start(task));
    }
}
