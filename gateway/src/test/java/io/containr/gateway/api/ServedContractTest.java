package io.containr.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;

/** The contract that is served holds everything of the one it was derived from: additions alone, nothing changed. */
class ServedContractTest {

    private static final Path ORIGINAL = Path.of("../docs/api/containr-openapi-1.0.0.yaml");
    private static final Path REFERENCE = Path.of("../../shared/api/containr-openapi.yaml");

    @Test
    void everythingOfTheOriginalContractIsServed() throws IOException {
        List<String> broken = new ArrayList<>();

        compare(read(ORIGINAL), served(), "", broken);

        assertThat(broken).isEmpty();
    }

    @Test
    void whatIsMissingOrChangedIsFound() throws IOException {
        List<String> broken = new ArrayList<>();

        compare(
                Map.of("kept", 1, "changed", 1, "gone", 1, "list", List.of("a", "b")),
                Map.of("kept", 1, "changed", 2, "list", List.of("b", "c")),
                "",
                broken);

        assertThat(broken).containsExactlyInAnyOrder("/changed is changed", "/gone is missing", "/list lacks a");
    }

    @Test
    void theOriginalIsTheReference() throws IOException {
        Assumptions.assumeTrue(Files.exists(REFERENCE), "the reference is not here");

        assertThat(ORIGINAL).hasSameTextualContentAs(REFERENCE);
    }

    private static void compare(Object wanted, Object found, String path, List<String> broken) {
        if (wanted instanceof Map<?, ?> fields && found instanceof Map<?, ?> present) {
            fields.forEach((name, value) -> {
                if (present.containsKey(name)) {
                    compare(value, present.get(name), path + "/" + name, broken);
                } else {
                    broken.add(path + "/" + name + " is missing");
                }
            });
        } else if (wanted instanceof List<?> items && found instanceof List<?> present) {
            items.stream().filter(item -> !present.contains(item)).forEach(item -> broken.add(path + " lacks " + item));
        } else if (!wanted.equals(found)) {
            broken.add(path + " is changed");
        }
    }

    private static Yaml yaml() {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        return new Yaml(options);
    }

    private static Object read(Path file) throws IOException {
        return yaml().load(Files.readString(file));
    }

    private static Object served() throws IOException {
        try (InputStream contract =
                ServedContractTest.class.getResourceAsStream("/gateway/api/containr-openapi.yaml")) {
            return yaml().load(contract);
        }
    }
}
