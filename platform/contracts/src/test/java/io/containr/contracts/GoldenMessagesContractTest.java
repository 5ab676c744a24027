package io.containr.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON of each version of each message, as it once went out: what these files hold must be readable for ever. A new
 * message gets its file by running the test with {@code -Dcontracts.write=true}, and one with a new optional field a further
 * revision of it.
 */
class GoldenMessagesContractTest {

    private static final Path GOLDEN = Path.of("src/test/resources/messages");

    private final JsonMapper json = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    @Test
    void everyRowOfTheTableHasAnExampleAndEveryNameIsUsedOnce() {
        assertThat(Examples.ALL.stream().map(Object::getClass))
                .containsExactlyElementsOf(MessageTypes.ALL.stream()
                        .<Class<?>>map(MessageType::payload)
                        .toList());
        assertThat(MessageTypes.ALL.stream().map(MessageType::dataSchema)).doesNotHaveDuplicates();
        assertThat(MessageTypes.ALL).allSatisfy(type -> assertThat(Topics.ALL).contains(type.topic()));
    }

    static List<Object> examples() {
        return Examples.ALL;
    }

    @ParameterizedTest
    @MethodSource("examples")
    void messageIsWrittenAsItsNewestGoldenFileAndReadBackAsItself(Object example) throws IOException {
        MessageType type = MessageTypes.of(example.getClass());
        JsonNode written = json.readTree(json.writeValueAsString(example));
        List<Path> revisions = revisions(type);
        if (Boolean.getBoolean("contracts.write")
                && (revisions.isEmpty() || !written.equals(json.readTree(Files.readString(revisions.getLast()))))) {
            Path added = GOLDEN.resolve(fileName(type, revisions.size() + 1));
            Files.writeString(added, json.writeValueAsString(example) + "\n");
            revisions = revisions(type);
        }

        JsonNode golden = json.readTree(Files.readString(revisions.getLast()));

        assertThat(written).isEqualTo(golden);
        assertThat(json.treeToValue(golden, type.payload())).isEqualTo(example);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void whatAnEarlierRevisionSaidIsStillReadAndOnlyOptionalFieldsWereAdded(Object example) throws IOException {
        MessageType type = MessageTypes.of(example.getClass());
        for (Path revision : revisions(type)) {
            JsonNode earlier = json.readTree(Files.readString(revision));

            JsonNode readAndWritten = json.readTree(json.writeValueAsString(json.treeToValue(earlier, type.payload())));

            assertContains(readAndWritten, earlier, revision.getFileName().toString());
        }
    }

    @Test
    void everyGoldenFileBelongsToAKnownMessage() throws IOException {
        List<String> known = new ArrayList<>();
        for (MessageType type : MessageTypes.ALL) {
            revisions(type).forEach(file -> known.add(file.getFileName().toString()));
        }
        try (Stream<Path> files = Files.list(GOLDEN)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrderElementsOf(known);
        }
    }

    /** The golden files of a message, oldest first. */
    private static List<Path> revisions(MessageType type) {
        return IntStream.iterate(1, revision -> revision + 1)
                .mapToObj(revision -> GOLDEN.resolve(fileName(type, revision)))
                .takeWhile(Files::exists)
                .toList();
    }

    private static String fileName(MessageType type, int revision) {
        return type.wireName() + ".v" + type.version() + (revision == 1 ? "" : ".r" + revision) + ".json";
    }

    private static void assertContains(JsonNode whole, JsonNode part, String where) {
        if (!part.isObject()) {
            assertThat(whole).as(where).isEqualTo(part);
            return;
        }
        part.properties()
                .forEach(field ->
                        assertContains(whole.path(field.getKey()), field.getValue(), where + ": " + field.getKey()));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void fieldOfALaterVersionIsIgnored(Object example) {
        JsonNode later = json.valueToTree(example);
        ((tools.jackson.databind.node.ObjectNode) later).put("addedLater", 1);

        assertThat(json.treeToValue(later, example.getClass())).isEqualTo(example);
    }
}
