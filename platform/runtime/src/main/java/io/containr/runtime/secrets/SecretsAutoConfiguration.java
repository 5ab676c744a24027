package io.containr.runtime.secrets;

import java.io.IOException;
import java.nio.file.Path;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/** The secret box, in services that are given the key file by {@code containr.secrets.key-file}. */
@AutoConfiguration
@ConditionalOnProperty("containr.secrets.key-file")
public class SecretsAutoConfiguration {

    @Bean
    SecretBox secretBox(@Value("${containr.secrets.key-file}") Path keyFile) throws IOException {
        KeyFile file = new KeyFile(keyFile);
        file.createIfMissing();
        return file.open();
    }
}
