package io.containr.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A Git server on loopback: Git's own {@code http-backend} (see git-http-backend(1)) behind the JDK's HTTP server. Serves
 * each working tree or bare repository below one directory as {@code http://127.0.0.1:port/<name>}.
 */
public final class LocalGitServer implements AutoCloseable {

    /** Environment of the backend, and the request header that fills it. */
    private static final Map<String, String> HEADERS = Map.of(
            "CONTENT_TYPE", "Content-Type",
            "HTTP_CONTENT_ENCODING", "Content-Encoding",
            "GIT_PROTOCOL", "Git-Protocol");

    private final Path root;
    private final HttpServer server;
    private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();

    /** @param port 0: any free one */
    public LocalGitServer(Path root, int port) throws IOException {
        this.root = root.toAbsolutePath();
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(requests);
        server.createContext("/", this::serve);
        server.start();
    }

    /** {@code host:port}. */
    public String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** The clone URL of the repository in the directory of that name. */
    public String url(String name) {
        return "http://" + address() + "/" + name;
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            ProcessBuilder backend = new ProcessBuilder(List.of("git", "http-backend"));
            Map<String, String> environment = backend.environment();
            environment.put("GIT_PROJECT_ROOT", root.toString());
            environment.put("GIT_HTTP_EXPORT_ALL", "1");
            environment.put("GIT_CONFIG_COUNT", "1");
            environment.put("GIT_CONFIG_KEY_0", "safe.directory");
            environment.put("GIT_CONFIG_VALUE_0", "*");
            environment.put("REQUEST_METHOD", exchange.getRequestMethod());
            environment.put("PATH_INFO", exchange.getRequestURI().getPath().replaceFirst("^/([^/]+)", "/$1/.git"));
            String query = exchange.getRequestURI().getRawQuery();
            environment.put("QUERY_STRING", query == null ? "" : query);
            HEADERS.forEach((variable, header) -> {
                String value = exchange.getRequestHeaders().getFirst(header);
                if (value != null) {
                    environment.put(variable, value);
                }
            });
            Process process =
                    backend.redirectError(ProcessBuilder.Redirect.DISCARD).start();
            try (OutputStream input = process.getOutputStream()) {
                exchange.getRequestBody().transferTo(input);
            }
            answer(exchange, new BufferedInputStream(process.getInputStream()));
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
        for (int next = in.read(); next != -1 && next != '\n'; next = in.read()) {
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.stop(0);
        requests.close();
    }
}
