package io.containr.project.template;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class TemplateFilesTest {

    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private TemplateFiles files;
    private ObjectNode nodejs;

    @BeforeEach
    void open() throws IOException {
        files = new TemplateFiles(JSON);
        nodejs = (ObjectNode)
                JSON.readTree(new ClassPathResource("project-service-templates/nodejs.json").getInputStream());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/category | \"games\"",
                "/config/type | \"lambda\"",
                "/config/port | 70000",
                "/config/surprise | true",
                "/logo | \"javascript:alert(1)\"",
                "/variables/0/sets | \"owner\"",
                "/variables/0/key | \"A B\"",
                "/variables/0/secret | true",
                "/resource | \"database\""
            })
    void aFileThatBreaksTheSchemaIsRefusedByName(String path, String value) {
        int slash = path.lastIndexOf('/');
        ObjectNode parent = (ObjectNode) nodejs.at(path.substring(0, slash));
        parent.set(path.substring(slash + 1), JSON.readTree(value));

        assertThatThrownBy(() -> files.parse("nodejs.json", nodejs))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("nodejs.json");
    }

    @Test
    void keysComeOnceAndIdsAreTheNamesOfFiles() {
        ArrayNode variables = (ArrayNode) nodejs.get("variables");
        variables.add(variables.get(0));

        assertThatThrownBy(() -> files.parse("node.json", nodejs))
                .hasMessageContaining("GIT_REPOSITORY comes twice")
                .hasMessageContaining("its id is nodejs");
    }
}
