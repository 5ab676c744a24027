package io.containr.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.containr.simulator.cluster.NodeSpec;
import io.containr.simulator.schema.ApiSchema;
import io.containr.simulator.storage.StorageSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Says again what was once said to a real node, in an order that brings the simulator into the same state, and compares status, reason
 * phrase and messages literally, data by shape and type. Guests are made but not started: the recorded addresses are another network's.
 */
class TranscriptIT {

    /** Keys that depend on the hardware or on what else a real node runs. */
    private static final List<String> NODE_ONLY =
            List.of("digest", "nodes", "path", "vgname", "thinpool", "prune-backups");

    private static final String BEFORE_GUESTS =
            "001 002 003 004 005 006 007 008 009 010 011 012 014 015 016 018 019 020 021 022 023 024 058";
    private static final String OCI_GUESTS =
            "046 047 041 049 088 036:102 131 132 135 137 138 139 140 141 142 143 145 146 147";
    private static final String ERRORS =
            "084 086 087 098:102 099:102 100:102 103 108 112 113 116:999 126 127 128 130 149 157 158 165 170 175 176";
    private static final String VOLUMES = "200 201 202 203 204 208 209 210 212 213 214 215 160 083 090 091";

    @Test
    void answersAgreeWithThoseOfARealNode(@TempDir Path directory) throws IOException {
        assumeTrue(Recorded.shared().isPresent(), "no recorded exchanges on this machine");
        Path transcripts = Recorded.shared().orElseThrow().resolve("transcripts");
        SimulatorConfig config = SimulatorConfig.in(directory)
                .withNodes(List.of(new NodeSpec("pve1", 6L << 30, 2)))
                .withStorages(List.of(StorageSpec.directory("local", 8L << 30), StorageSpec.thin("data", 4L << 30)))
                .withRootPassword("root's own");
        SimulatorServer server = SimulatorServer.start(config);
        try {
            Replay replay = new Replay(server, transcripts);
            replay.all(BEFORE_GUESTS);
            Pve root = new Pve(server, server.rootToken());
            for (String template : List.of("bbapp_1.0", "gi_1")) {
                root.ok(root.post(
                        "/nodes/pve1/storage/local/oci-registry-pull",
                        "reference",
                        Lab.open().app(),
                        "filename",
                        template));
            }
            root.post("/access/users", "userid", "low@pve").data();
            replay.all(OCI_GUESTS);
            replay.all(ERRORS);
            replay.all(VOLUMES);
            assertThat(replay.differences).isEmpty();
            assertThat(replay.compared).isGreaterThan(70);
        } finally {
            server.close(true);
        }
    }

    /** Repeats exchanges one after the other and collects where the answers differ. */
    private static final class Replay {
        final List<String> differences = new ArrayList<>();
        int compared;
        private final SimulatorServer server;
        private final Pve root;
        private final Path transcripts;
        private final Map<String, String> secrets = new HashMap<>();

        Replay(SimulatorServer server, Path transcripts) {
            this.server = server;
            this.root = new Pve(server, server.rootToken());
            this.transcripts = transcripts;
        }

        /** @param numbers {@code 098:102} replays 098 on guest 102 instead of its own */
        void all(String numbers) throws IOException {
            for (String number : numbers.split(" ")) {
                String[] parts = number.split(":");
                one(Recorded.read(transcripts, parts[0]), parts.length == 2 ? parts[1] : "");
            }
        }

        private void one(Recorded recorded, String guest) throws IOException {
            String path = guest.isEmpty() ? recorded.path() : recorded.path().replaceAll("/lxc/\\d+", "/lxc/" + guest);
            String body = recorded.requestBody();
            if (!guest.isEmpty()) {
                body = body.replaceAll("vmid=\\d+", "vmid=" + guest);
            }
            if (recorded.path().endsWith("/lxc") && body.contains("restore=1")) {
                body = body.replaceAll("ostemplate=[^&]+", "ostemplate=" + backup());
            }
            body = body.replace("<password>", recorded.status() == 200 ? "root%27s+own" : "wrong");
            Answer answer = send(recorded, path, body);
            compared++;
            compare(recorded, guest, answer);
            remember(answer);
        }

        private String backup() {
            return root.get("/nodes/pve1/storage/local/content?content=backup&vmid=312")
                    .data()
                    .get(0)
                    .get("volid")
                    .asString();
        }

        private record Answer(int status, String reason, String body) {}

        private Answer send(Recorded recorded, String path, String body) throws IOException {
            StringBuilder head = new StringBuilder(recorded.method() + " " + path + " HTTP/1.1\r\nHost: localhost\r\n");
            head.append("Connection: close\r\n");
            if (recorded.credentials().equals("ticket")) {
                boolean csrf = !recorded.name().contains("csrf");
                head.append(csrf ? "Authorization: " + server.rootToken().header() : "Cookie: " + cookie())
                        .append("\r\n");
            } else if (!recorded.credentials().isEmpty()) {
                String secret = recorded.status() == 401 ? "wrong" : secret(recorded.credentials());
                head.append("Authorization: PVEAPIToken=" + recorded.credentials() + "=" + secret + "\r\n");
            }
            byte[] content = body.getBytes(StandardCharsets.UTF_8);
            if (!recorded.contentType().isEmpty()) {
                head.append("Content-Type: " + recorded.contentType() + "\r\n");
            }
            head.append("Content-Length: " + content.length + "\r\n\r\n");
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            try (SSLSocket socket = (SSLSocket) Pve.trusting(server.caPem())
                    .getSocketFactory()
                    .createSocket("127.0.0.1", server.baseUri().getPort())) {
                socket.getOutputStream().write(head.toString().getBytes(StandardCharsets.UTF_8));
                socket.getOutputStream().write(content);
                socket.getInputStream().transferTo(answer);
            }
            String[] parts = answer.toString(StandardCharsets.UTF_8).split("\r\n\r\n", 2);
            String[] line = parts[0].lines().findFirst().orElseThrow().split(" ", 3);
            return new Answer(Integer.parseInt(line[1]), line.length == 3 ? line[2] : "", parts[1]);
        }

        private String cookie() {
            JsonNode ticket = new Pve(server, "")
                    .post("/access/ticket", "username", "root@pam", "password", "root's own")
                    .data();
            return "PVEAuthCookie="
                    + Pve.encode("", ticket.get("ticket").asString()).substring(1);
        }

        private String secret(String token) {
            return secrets.computeIfAbsent(token, id -> {
                if (id.startsWith("low@pve!")) {
                    return root.post("/access/users/low@pve/token/" + id.substring(8), "privsep", "1")
                            .data()
                            .get("value")
                            .asString();
                }
                throw new IllegalStateException("no secret of " + id);
            });
        }

        private void compare(Recorded recorded, String guest, Answer answer) {
            String own = recorded.path().replaceAll(".*/lxc/(\\d+).*", "$1");
            String reason = recorded.reason();
            String expected = recorded.body();
            if (!guest.isEmpty()) {
                String before =
                        own.matches("\\d+") ? own : recorded.requestBody().replaceAll(".*vmid=(\\d+).*", "$1");
                reason = reason.replace(before, guest);
                expected = expected.replace(before, guest);
            }
            if (recorded.name().startsWith("116")) {
                // Recorded while its vmid was taken; here it is free, which 127 shows.
                reason = "storage 'nosuch' does not exist";
                expected = "{\"data\":null,\"message\":\"storage 'nosuch' does not exist\\n\"}";
            }
            if (recorded.name().startsWith("041")) {
                // Recorded before its guest was there.
                reason = "OK";
                expected = "{\"data\":null}";
            } else if (answer.status() != recorded.status() && !recorded.name().startsWith("041")) {
                differ(
                        recorded,
                        "status " + answer.status() + " " + answer.reason() + ", expected " + recorded.status());
                return;
            }
            if (!answer.reason().equals(reason)) {
                differ(recorded, "reason '" + answer.reason() + "', expected '" + reason + "'");
            }
            if (!expected.startsWith("{") || !answer.body().startsWith("{")) {
                if (!answer.body().equals(expected)) {
                    differ(recorded, "body '" + answer.body() + "', expected '" + expected + "'");
                }
                return;
            }
            JsonNode wanted = Pve.MAPPER.readTree(expected);
            JsonNode got = Pve.MAPPER.readTree(answer.body());
            if (answer.status() != 200) {
                if (!got.equals(wanted)) {
                    differ(recorded, got + ", expected " + wanted);
                }
                return;
            }
            shape(recorded, "", wanted.get("data"), got.get("data"));
        }

        private void shape(Recorded recorded, String where, JsonNode wanted, JsonNode got) {
            if (got == null) {
                differ(recorded, where + " is missing");
            } else if (where.isEmpty() && wanted.isString() && wanted.asString().startsWith("UPID:")) {
                String[] real = wanted.asString().split(":");
                String[] ours = got.asString().split(":");
                if (!real[5].equals(ours[5]) || !real[6].equals(ours[6]) || !real[7].equals(ours[7])) {
                    differ(recorded, where + " is " + got + ", expected like " + wanted);
                }
            } else if (wanted.isObject() && got.isObject()) {
                wanted.propertyStream()
                        .filter(entry -> !hardware(recorded, entry.getKey()))
                        .forEach(entry -> shape(
                                recorded, where + "/" + entry.getKey(), entry.getValue(), got.get(entry.getKey())));
            } else if (wanted.isArray() && got.isArray()) {
                elements(recorded, where, wanted, got);
            } else if (!wanted.getNodeType().equals(got.getNodeType())) {
                differ(recorded, where + " is " + got + ", expected like " + wanted);
            }
        }

        /** Of each kind of element the real list has, one of ours must have the shape. */
        private void elements(Recorded recorded, String where, JsonNode wanted, JsonNode got) {
            Map<String, JsonNode> ours = new HashMap<>();
            got.forEach(element -> ours.putIfAbsent(kind(element), element));
            wanted.forEach(element -> {
                JsonNode match = ours.get(kind(element));
                if (match != null) {
                    shape(recorded, where + "/" + kind(element), element, match);
                }
            });
            if (!wanted.isEmpty() && got.isEmpty()) {
                differ(recorded, where + " is empty");
            }
        }

        private static String kind(JsonNode element) {
            if (!element.isObject()) {
                return element.getNodeType().name();
            }
            String status = element.path("type").asString("").equals("lxc")
                    ? element.path("status").asString("")
                    : "";
            return element.path("type").asString("")
                    + status
                    + element.path("storage").asString("")
                    + element.path("key").asString("");
        }

        private static boolean hardware(Recorded recorded, String key) {
            boolean tagged = List.of("tags", "tokenid", "pool").contains(key)
                    && recorded.path().matches(".*(lxc|tasks.*|resources.*)");
            return NODE_ONLY.contains(key) && recorded.path().endsWith("/storage")
                    || tagged
                    || recorded.name().startsWith("004") && key.equals("cap");
        }

        private void differ(Recorded recorded, String how) {
            differences.add(recorded.name() + ": " + how);
        }

        /** Follows tasks to their end, and keeps the secrets of new tokens. */
        private void remember(Answer answer) {
            if (answer.status() != 200 || !answer.body().startsWith("{")) {
                return;
            }
            JsonNode data = Pve.MAPPER.readTree(answer.body()).get("data");
            if (data.isString() && data.asString().startsWith("UPID:")) {
                root.end(new Pve.Answer(200, answer.body()));
            } else if (data.has("full-tokenid")) {
                secrets.put(
                        data.get("full-tokenid").asString(), data.get("value").asString());
            }
        }
    }

    @Test
    void everyMethodAndParameterExistsInTheRealSchema() {
        assumeTrue(Recorded.shared().isPresent(), "no schema of Proxmox on this machine");
        Map<String, JsonNode> real = ReturnSchemas.real(Recorded.shared().orElseThrow());
        ApiSchema ours = ApiSchema.load();
        for (String key : ours.keys()) {
            assertThat(real).containsKey(key);
            JsonNode properties = real.get(key).path("parameters").path("properties");
            ours.method(key).parameters().forEach((name, property) -> {
                assertThat(properties.has(name)).as(key + " " + name).isTrue();
                assertThat(property.optional())
                        .as(key + " " + name)
                        .isEqualTo(properties.get(name).path("optional").asInt(0) == 1);
            });
            assertThat(ours.method(key).parameters()).as(key).hasSize(properties.size());
        }
    }

    /** {@link Pve} holds every answer of every test against the same description. */
    @Test
    void answersOfARealNodeAreMostlyAsItDescribesThem() {
        assumeTrue(Recorded.shared().isPresent(), "no recorded exchanges on this machine");
        ReturnSchemas schemas = ReturnSchemas.find().orElseThrow();
        assertThat(schemas.realDepartures()).isBetween(1, 40);
        assertThat(schemas.complaints("GET", "/version", Pve.MAPPER.readTree("{\"release\":\"9.2\"}")))
                .contains("GET /version: version is missing");
    }
}
