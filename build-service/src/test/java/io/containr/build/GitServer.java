package io.containr.build;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.Executors;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.jspecify.annotations.Nullable;

/** A real Git server: Git's own {@code http-backend} behind the JDK's HTTP server. */
public final class GitServer implements AutoCloseable {

    private final Path root;
    private final HttpServer server;

    public GitServer(Path root) throws IOException {
        this.root = root;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::serve);
        server.start();
    }

    /** {@code host:port}. */
    public String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    public String url(String repository) {
        return "http://" + address() + "/" + repository;
    }

    /** Commits files, given by path, on top of what the repository has; returns the commit's hash. */
    public String commit(String repository, Map<String, String> files, String message) {
        return commit(repository, "main", files, message);
    }

    public String commit(String repository, String branch, Map<String, String> files, String message) {
        Path directory = root.resolve(repository);
        try (Git git = open(directory, branch)) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                Path path = directory.resolve(file.getKey());
                Files.createDirectories(path.getParent());
                Files.writeString(path, file.getValue());
            }
            return commitAll(git, message);
        } catch (IOException | GitAPIException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Lets a branch lead to a commit that another branch has. */
    public void move(String repository, String branch, String commit) {
        try (Git git = Git.open(root.resolve(repository).toFile())) {
            RefUpdate update = git.getRepository().updateRef("refs/heads/" + branch);
            update.setNewObjectId(ObjectId.fromString(commit));
            update.forceUpdate();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Commits a symbolic link. */
    public String link(String repository, String path, String target) {
        Path directory = root.resolve(repository);
        try (Git git = open(directory, "main")) {
            Files.createSymbolicLink(directory.resolve(path), Path.of(target));
            return commitAll(git, "link");
        } catch (IOException | GitAPIException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String commitAll(Git git, String message) throws GitAPIException {
        git.add().addFilepattern(".").call();
        PersonIdent author = new PersonIdent("Ada Example", "ada@example.com");
        return git.commit()
                .setMessage(message)
                .setAuthor(author)
                .setCommitter(author)
                .setSign(false)
                .call()
                .getName();
    }

    private static Git open(Path directory, String branch) throws IOException, GitAPIException {
        if (!Files.exists(directory.resolve(".git"))) {
            Files.createDirectories(directory);
            return Git.init()
                    .setDirectory(directory.toFile())
                    .setInitialBranch(branch)
                    .call();
        }
        Git git = Git.open(directory.toFile());
        if (!git.getRepository().getBranch().equals(branch)) {
            boolean exists = git.getRepository().findRef("refs/heads/" + branch) != null;
            git.checkout().setCreateBranch(!exists).setName(branch).call();
        }
        return git;
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            if (path.startsWith("/guarded") && !isAda(exchange)) {
                exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"git\"");
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            ProcessBuilder backend = new ProcessBuilder("git", "http-backend");
            Map<String, String> environment = backend.environment();
            environment.put("GIT_PROJECT_ROOT", root.toString());
            environment.put("GIT_HTTP_EXPORT_ALL", "1");
            environment.put("GIT_CONFIG_COUNT", "1");
            environment.put("GIT_CONFIG_KEY_0", "safe.directory");
            environment.put("GIT_CONFIG_VALUE_0", "*");
            environment.put("REQUEST_METHOD", exchange.getRequestMethod());
            environment.put("PATH_INFO", path.replaceFirst("^/([^/]+)", "/$1/.git"));
            put(environment, "QUERY_STRING", exchange.getRequestURI().getRawQuery());
            put(environment, "CONTENT_TYPE", exchange.getRequestHeaders().getFirst("Content-Type"));
            put(
                    environment,
                    "HTTP_CONTENT_ENCODING",
                    exchange.getRequestHeaders().getFirst("Content-Encoding"));
            put(environment, "GIT_PROTOCOL", exchange.getRequestHeaders().getFirst("Git-Protocol"));
            Process process =
                    backend.redirectError(ProcessBuilder.Redirect.DISCARD).start();
            try (OutputStream stdin = process.getOutputStream()) {
                exchange.getRequestBody().transferTo(stdin);
            }
            answer(exchange, new BufferedInputStream(process.getInputStream()));
        }
    }

    /** Repositories whose names begin with "guarded" are private: for {@code ada:hunter2}. */
    private static boolean isAda(HttpExchange exchange) {
        String expected = Base64.getEncoder().encodeToString("ada:hunter2".getBytes(StandardCharsets.UTF_8));
        return ("Basic " + expected).equals(exchange.getRequestHeaders().getFirst("Authorization"));
    }

    private static void put(Map<String, String> environment, String name, @Nullable String value) {
        if (value != null) {
            environment.put(name, value);
        }
    }

    private static void answer(HttpExchange exchange, InputStream cgi) throws IOException {
        int status = 200;
        for (String line = line(cgi); !line.isEmpty(); line = line(cgi)) {
            String[] header = line.split(": ", 2);
            if (header[0].equals("Status")) {
                status = Integer.parseInt(header[1].substring(0, 3));
            } else {
                exchange.getResponseHeaders().add(header[0], header[1]);
            }
        }
        exchange.sendResponseHeaders(status, 0);
        try (OutputStream body = exchange.getResponseBody()) {
            cgi.transferTo(body);
        }
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    static GitServer start() {
        try {
            return new GitServer(Files.createTempDirectory("containr-test-git-"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
