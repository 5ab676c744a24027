package io.containr.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One exchange with a real node, as it was written down.
 *
 * @param credentials the token's id, {@code ticket}, or empty
 * @param reason of the status line, where Proxmox puts its messages
 */
record Recorded(
        String name,
        String method,
        String path,
        String credentials,
        String contentType,
        String requestBody,
        int status,
        String reason,
        String body) {

    private static final Pattern TOKEN = Pattern.compile("(?m)^Authorization: PVEAPIToken=([^=]+)=");
    private static final Pattern TYPE = Pattern.compile("(?m)^Content-Type: (.+)$");
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) (.*)");

    /** The directory of transcripts and schema, if this machine has it. */
    static Optional<Path> shared() {
        String set = System.getenv("CONTAINR_SHARED");
        return (set == null
                        ? Arrays.asList(Path.of("../shared"), Path.of("../../shared"))
                        : Arrays.asList(Path.of(set)))
                .stream()
                        .map(path -> path.resolve("proxmox"))
                        .filter(Files::isDirectory)
                        .findFirst();
    }

    static Recorded read(Path directory, String number) {
        try (var files = Files.list(directory)) {
            Path file = files.filter(path -> path.getFileName().toString().startsWith(number + "-"))
                    .findFirst()
                    .orElseThrow();
            return parse(file.getFileName().toString(), Files.readString(file, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Recorded parse(String name, String text) {
        String[] halves = text.split("(?m)^--- [0-9.]+s\\n", 2);
        String[] request = halves[0].split("\\n\\n", 2);
        String[] answer = halves[1].split("\\n\\n", 2);
        String[] line = request[0].lines().findFirst().orElseThrow().split(" ");
        Matcher token = TOKEN.matcher(request[0]);
        String credentials = token.find() ? token.group(1) : request[0].contains("PVEAuthCookie") ? "ticket" : "";
        Matcher type = TYPE.matcher(request[0]);
        Matcher status = STATUS.matcher(answer[0]);
        if (!status.find()) {
            throw new IllegalArgumentException(name);
        }
        return new Recorded(
                name,
                line[0],
                line[1],
                credentials,
                type.find() ? type.group(1) : "",
                request.length == 2 ? request[1].strip() : "",
                Integer.parseInt(status.group(1)),
                status.group(2),
                answer.length == 2 ? answer[1].strip() : "");
    }
}
