package io.containr.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/asyncapi.yaml} to the table of messages; {@code -Dcontracts.write=true} writes it anew. */
class AsyncApiContractTest {

    private static final Path DOCUMENT = Path.of("../../docs/asyncapi.yaml");

    @Test
    void documentDescribesExactlyTheMessagesOfTheTable() throws IOException {
        String generated = new AsyncApi().document();
        if (Boolean.getBoolean("contracts.write")) {
            Files.writeString(DOCUMENT, generated);
        }

        assertThat(Files.readString(DOCUMENT)).isEqualTo(generated);
    }
}
