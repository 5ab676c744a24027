package io.containr.standalone;

import io.containr.standalone.demo.EngineImage;
import java.util.Map;

/** The engines of the end-to-end tests: images of this machine's Debian packages in the place of the official ones. */
final class TestEngines {

    private TestEngines() {}

    /** Settings of database-service by which these are the images of their engines, and guests are small. */
    static String settings(String registry) {
        return """
                containr:
                  database:
                    patience:
                      check: 1s
                    backups:
                      look: 1s
                    wal:
                      interval: 5s
                    plans:
                      hobby: {cpu: 1, memory: 256MB, disk: 1GB}
                      starter: {cpu: 1, memory: 384MB, disk: 2GB}
                    engines:
                      postgresql:
                        versions: [{version: "15", image: "%1$s/engines/postgresql:15"}]
                      mariadb:
                        versions: [{version: "10.11", image: "%1$s/engines/mariadb:10.11"}]
                      redis:
                        versions: [{version: "7.0", image: "%1$s/engines/redis:7.0"}]
                      clickhouse:
                        versions: [{version: "18.16", image: "%1$s/engines/clickhouse:18.16"}]
                """.formatted(registry);
    }

    /** Where {@link #settings} looks for them. */
    static Map<EngineImage, String> references(String registry) {
        return Map.of(
                EngineImage.POSTGRESQL, registry + "/engines/postgresql:15",
                EngineImage.MARIADB, registry + "/engines/mariadb:10.11",
                EngineImage.REDIS, registry + "/engines/redis:7.0",
                EngineImage.CLICKHOUSE, registry + "/engines/clickhouse:18.16");
    }
}
