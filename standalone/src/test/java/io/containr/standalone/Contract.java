package io.containr.standalone;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.Request;
import com.atlassian.oai.validator.model.SimpleRequest;
import com.atlassian.oai.validator.model.SimpleResponse;
import com.atlassian.oai.validator.report.LevelResolver;
import com.atlassian.oai.validator.report.ValidationReport;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The API's contract as the gateway serves it, and the one it was derived from. An answer is held against both: strictly
 * against ours, which describes every field and status; against the original as far as that goes.
 */
final class Contract {

    private static final Path ORIGINAL = Path.of("../docs/api/containr-openapi-1.0.0.yaml");
    private static final String BASE = "/api/v1";

    private final List<Operation> operations;
    private final Set<String> originalOperations;
    private final OpenApiInteractionValidator ours;
    private final OpenApiInteractionValidator original;

    private Contract(String served, String derivedFrom) {
        this.operations = operations(served);
        this.originalOperations = new TreeSet<>();
        operations(derivedFrom).forEach(operation -> originalOperations.add(operation.name()));
        this.ours = OpenApiInteractionValidator.createForInlineApiSpecification(served)
                .withBasePathOverride(BASE)
                .build();
        this.original = OpenApiInteractionValidator.createForInlineApiSpecification(derivedFrom)
                .withBasePathOverride(BASE)
                .withLevelResolver(LevelResolver.create()
                        .withLevel(
                                "validation.response.body.schema.additionalProperties", ValidationReport.Level.IGNORE)
                        .withLevel("validation.response.status.unknown", ValidationReport.Level.IGNORE)
                        .build())
                .build();
    }

    /** @param served the document that the gateway serves */
    static Contract of(String served) throws IOException {
        return new Contract(served, Files.readString(ORIGINAL));
    }

    private static List<Operation> operations(String document) {
        ParseOptions options = new ParseOptions();
        options.setResolve(true);
        options.setResolveFully(true);
        OpenAPI api =
                new OpenAPIV3Parser().readContents(document, null, options).getOpenAPI();
        List<Operation> operations = new ArrayList<>();
        api.getPaths()
                .forEach((path, item) -> item.readOperationsMap()
                        .forEach((method, description) -> operations.add(new Operation(method, path, description))));
        return List.copyOf(operations);
    }

    /** In the order of the document. */
    List<Operation> operations() {
        return operations;
    }

    /** @param name such as {@code GET /projects/{id}} */
    Operation operation(String name) {
        return operations.stream()
                .filter(operation -> operation.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("not in the contract: " + name));
    }

    boolean isOriginal(Operation operation) {
        return originalOperations.contains(operation.name());
    }

    /** What is wrong with a request that should be a good one. */
    List<String> problems(Operation operation, ContractClient.Sent sent) {
        SimpleRequest.Builder request =
                new SimpleRequest.Builder(operation.method().name(), BASE + sent.path());
        sent.query().forEach(request::withQueryParam);
        if (sent.token() != null) {
            request.withAuthorization("Bearer " + sent.token());
        }
        if (sent.body() != null) {
            request.withBody(sent.body()).withContentType("application/json");
        }
        return messages(ours.validateRequest(request.build()));
    }

    /** What is wrong with an answer. */
    List<String> problems(Operation operation, ContractClient.Sent sent, ContractClient.Received received) {
        SimpleResponse.Builder response = SimpleResponse.Builder.status(received.status());
        if (received.contentType() != null) {
            response.withContentType(received.contentType());
        }
        if (received.body().length > 0) {
            response.withBody(received.body());
        }
        Request.Method method = Request.Method.valueOf(operation.method().name());
        List<String> problems =
                new ArrayList<>(messages(ours.validateResponse(BASE + sent.path(), method, response.build())));
        if (isOriginal(operation)) {
            problems.addAll(messages(original.validateResponse(BASE + sent.path(), method, response.build())));
        }
        return problems;
    }

    private static List<String> messages(ValidationReport report) {
        return report.getMessages().stream()
                .filter(message -> message.getLevel() == ValidationReport.Level.ERROR)
                .map(message -> message.getKey() + ": " + message.getMessage())
                .toList();
    }

    /** One operation of the document, with everything it refers to in place. */
    record Operation(PathItem.HttpMethod method, String path, io.swagger.v3.oas.models.Operation description) {

        String name() {
            return method + " " + path;
        }

        boolean needsToken() {
            return description.getSecurity() != null
                    && !description.getSecurity().isEmpty();
        }

        Optional<Schema<?>> body() {
            return Optional.ofNullable(description.getRequestBody())
                    .map(RequestBody::getContent)
                    .map(content -> content.get("application/json"))
                    .map(MediaType::getSchema)
                    .map(schema -> (Schema<?>) schema);
        }

        boolean needsBody() {
            return description.getRequestBody() != null
                    && Boolean.TRUE.equals(description.getRequestBody().getRequired());
        }

        Set<String> statuses() {
            return new TreeSet<>(description.getResponses().keySet());
        }

        boolean hasParameter(@Nullable String in, String name) {
            return description.getParameters() != null
                    && description.getParameters().stream()
                            .anyMatch(parameter ->
                                    parameter.getName().equals(name) && (in == null || in.equals(parameter.getIn())));
        }
    }
}
