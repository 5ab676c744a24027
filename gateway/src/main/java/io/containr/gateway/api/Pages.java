package io.containr.gateway.api;

import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import io.containr.gateway.edge.GatewayException;
import io.containr.gateway.edge.Visit;
import io.containr.runtime.web.ErrorCode;
import java.util.Map;
import java.util.Objects;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RequestPredicate;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.webjars.WebJarVersionLocator;
import reactor.core.publisher.Mono;

/** What the gateway answers itself: health, and the API's contract with a page to read and try it. */
final class Pages {

    private static final MediaType YAML = MediaType.parseMediaType("application/yaml;charset=UTF-8");
    private static final MediaType SCRIPT = MediaType.parseMediaType("text/javascript;charset=UTF-8");
    private static final MediaType STYLES = MediaType.parseMediaType("text/css;charset=UTF-8");
    /** The page loads from here alone; its library sets styles and small images by itself. */
    private static final String DOCS_POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
            + " img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";

    private static final Resource CONTRACT = new ClassPathResource("gateway/api/containr-openapi.yaml");
    private static final Resource PAGE = new ClassPathResource("gateway/docs/index.html");

    private final HealthReports health;
    private final Map<String, Asset> assets;

    Pages(HealthReports health) {
        this.health = health;
        WebJarVersionLocator locator = new WebJarVersionLocator();
        this.assets = Map.of(
                "start.js", new Asset(new ClassPathResource("gateway/docs/start.js"), SCRIPT),
                "swagger-ui-bundle.js", new Asset(swaggerUi(locator, "swagger-ui-bundle.js"), SCRIPT),
                "swagger-ui.css", new Asset(swaggerUi(locator, "swagger-ui.css"), STYLES));
    }

    private static Resource swaggerUi(WebJarVersionLocator locator, String file) {
        return new ClassPathResource(Objects.requireNonNull(locator.fullPath("swagger-ui", file)));
    }

    RouterFunction<ServerResponse> routes() {
        RequestPredicate api = request -> Visit.of(request.exchange()).api();
        return route().nest(
                        api,
                        nested -> nested.GET("/health", this::health)
                                .GET("/api/v1/health", this::health)
                                .GET("/api/v1/openapi.yaml", request -> file(new Asset(CONTRACT, YAML)))
                                .GET("/docs", request -> file(new Asset(PAGE, MediaType.TEXT_HTML)))
                                .GET("/docs/{file}", this::asset))
                .build();
    }

    private Mono<ServerResponse> health(ServerRequest request) {
        return health.current()
                .flatMap(report -> ServerResponse.status(
                                report.degraded() ? HttpStatus.SERVICE_UNAVAILABLE : HttpStatus.OK)
                        .contentType(MediaType.APPLICATION_JSON)
                        .bodyValue(report));
    }

    private Mono<ServerResponse> asset(ServerRequest request) {
        Asset asset = assets.get(request.pathVariable("file"));
        if (asset == null) {
            throw new GatewayException(
                    ErrorCode.NOT_FOUND, ErrorCode.NOT_FOUND.status().getReasonPhrase());
        }
        return file(asset);
    }

    private static Mono<ServerResponse> file(Asset asset) {
        return ServerResponse.ok()
                .contentType(asset.type())
                .header(HttpHeaders.CACHE_CONTROL, "no-cache")
                .header("Content-Security-Policy", DOCS_POLICY)
                .bodyValue(asset.file());
    }

    private record Asset(Resource file, MediaType type) {}
}
