package io.containr.simulator.api;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.form.FormData;
import io.undertow.server.handlers.form.FormDataParser;
import io.undertow.server.handlers.form.MultiPartParserDefinition;
import io.undertow.util.Headers;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the parameters of a request, with Proxmox's limits: no chunks, no bodies where none belong, 512 KiB outside uploads. */
final class Parameters {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final long LARGEST_BODY = 512 * 1024;

    /** @param upload the file of a multipart request, in a temporary place of its own */
    record Read(Map<String, String> values, @Nullable Path upload) {}

    private final MultiPartParserDefinition multipart;

    Parameters(Path temporary) {
        multipart = new MultiPartParserDefinition(temporary);
        multipart.setFileSizeThreshold(0);
        multipart.setDefaultEncoding(StandardCharsets.UTF_8.name());
    }

    Read read(HttpServerExchange exchange, String method) throws IOException {
        Map<String, String> values = new LinkedHashMap<>();
        decode(exchange.getQueryString(), values);
        if (exchange.getRequestHeaders().contains(Headers.TRANSFER_ENCODING)) {
            throw ApiException.plain(501, "chunked transfer encoding not supported");
        }
        long length = exchange.getRequestContentLength();
        if (length <= 0) {
            return new Read(values, null);
        }
        if (!method.equals("POST") && !method.equals("PUT")) {
            throw ApiException.plain(501, "Unexpected content for method '" + method + "'");
        }
        String type = Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst(Headers.CONTENT_TYPE), "");
        if (type.startsWith("multipart/form-data")) {
            return new Read(values, upload(exchange, values));
        }
        if (length > LARGEST_BODY) {
            throw ApiException.plain(501, "for data too large");
        }
        String body = new String(exchange.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (type.isEmpty() || type.startsWith("application/x-www-form-urlencoded")) {
            decode(body, values);
        } else if (type.startsWith("application/json")) {
            json(body, values);
        } else {
            throw ApiException.plain(506, "unknown content type '" + type + "'");
        }
        return new Read(values, null);
    }

    private @Nullable Path upload(HttpServerExchange exchange, Map<String, String> values) throws IOException {
        FormDataParser parser = multipart.create(exchange);
        if (parser == null) {
            throw ApiException.plain(501, "unable to parse multipart data");
        }
        FormData form = parser.parseBlocking();
        Path file = null;
        for (String name : form) {
            for (FormData.FormValue value : form.get(name)) {
                if (value.isFileItem()) {
                    file = value.getFileItem().getFile();
                    values.put(name, Objects.requireNonNullElse(value.getFileName(), ""));
                } else {
                    values.put(name, value.getValue());
                }
            }
        }
        return file;
    }

    private static void decode(@Nullable String encoded, Map<String, String> into) {
        if (encoded == null || encoded.isEmpty()) {
            return;
        }
        for (String pair : encoded.split("&")) {
            String[] parts = pair.split("=", 2);
            String value = parts.length == 2 ? parts[1] : "";
            into.merge(
                    URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
                    URLDecoder.decode(value, StandardCharsets.UTF_8),
                    (first, second) -> first + "\0" + second);
        }
    }

    private static void json(String body, Map<String, String> into) {
        try {
            MAPPER.readTree(body).propertyStream().forEach(entry -> into.put(entry.getKey(), text(entry.getValue())));
        } catch (JacksonException e) {
            throw ApiException.plain(500, "malformed JSON string: " + e.getOriginalMessage());
        }
    }

    private static String text(JsonNode value) {
        if (value.isBoolean()) {
            return value.asBoolean() ? "1" : "0";
        }
        if (value.isArray()) {
            return String.join("\0", value.valueStream().map(Parameters::text).toList());
        }
        return value.isNull() ? "" : value.asString(value.toString());
    }
}
