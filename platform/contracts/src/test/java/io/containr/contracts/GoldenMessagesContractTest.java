package io.containr.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
 * message gets its file by running the test with {@code -Dcontracts.write=true}.
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
    void messageIsWrittenAsItsGoldenFileAndReadBackAsItself(Object example) throws IOException {
        MessageType type = MessageTypes.of(example.getClass());
        Path file = GOLDEN.resolve(type.wireName() + ".v" + type.version() + ".json");
        if (Boolean.getBoolean("contracts.write") && !Files.exists(file)) {
            Files.writeString(file, json.writeValueAsString(example) + "\n");
        }

        JsonNode golden = json.readTree(Files.readString(file));

        assertThat(json.readTree(json.writeValueAsString(example))).isEqualTo(golden);
        assertThat(json.treeToValue(golden, type.payload())).isEqualTo(example);
    }

    @Test
    void everyGoldenFileBelongsToAKnownMessage() throws IOException {
        try (Stream<Path> files = Files.list(GOLDEN)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(MessageTypes.ALL.stream()
                            .map(type -> type.wireName() + ".v" + type.version() + ".json")
                            .toList());
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void fieldOfALaterVersionIsIgnored(Object example) {
        JsonNode later = json.valueToTree(example);
        ((tools.jackson.databind.node.ObjectNode) later).put("addedLater", 1);

        assertThat(json.treeToValue(later, example.getClass())).isEqualTo(example);
    }
}
