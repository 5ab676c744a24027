package io.containr.agent.instance;

import io.containr.agent.AgentProperties;
import io.containr.agent.session.Application;
import io.containr.agent.session.GuestAccess;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.project.HealthCheck;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/** One look at whether an application is healthy: HTTP 2xx on its path, else a connection to its port, else that its process runs and did not start just now. */
@Component
public class HealthProbe implements DisposableBean {

    private static final Duration CONNECT = Duration.ofMillis(1000);

    private final GuestAccess guests;
    private final Clock clock;
    private final Duration steady;
    private final Duration timeout;
    private final HttpClient http;

    HealthProbe(GuestAccess guests, AgentProperties properties, Clock clock) {
        this.guests = guests;
        this.clock = clock;
        this.steady = properties.guests().steady();
        this.timeout = properties.watch().probeTimeout();
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    /** What is wrong, in words for the user; empty where nothing is. */
    Optional<String> problem(InstanceSpec spec, String address) {
        Integer port = spec.port();
        if (port == null) {
            Application application = guests.application(spec.instance());
            if (application.steady(steady, clock.instant())) {
                return Optional.empty();
            }
            return Optional.of(
                    application.state() == Application.State.RUNNING
                            ? "the application has only just started"
                            : "the application does not run");
        }
        HealthCheck check = spec.healthCheck();
        String path = check == null ? null : check.path();
        return path == null ? connect(address, port) : get(address, port, path);
    }

    private static Optional<String> connect(String address, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), Math.toIntExact(CONNECT.toMillis()));
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("nothing listens on port " + port + " of the guest's address");
        }
    }

    private Optional<String> get(String address, int port, String path) {
        HttpRequest request;
        try {
            String absolute = path.startsWith("/") ? path : "/" + path;
            request = HttpRequest.newBuilder(URI.create("http://" + address + ":" + port + absolute))
                    .header("User-Agent", "containr-health-check")
                    .timeout(timeout)
                    .GET()
                    .build();
        } catch (IllegalArgumentException e) {
            return Optional.of("the path of the health check is not valid: " + path);
        }
        try {
            HttpResponse<InputStream> answer = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            answer.body().close();
            int status = answer.statusCode();
            return status >= 200 && status < 300
                    ? Optional.empty()
                    : Optional.of("GET " + path + " on port " + port + " answered " + status);
        } catch (IOException e) {
            return Optional.of("GET " + path + " on port " + port + " was not answered");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("the health check was interrupted");
        }
    }

    @Override
    public void destroy() {
        http.shutdownNow();
    }
}
