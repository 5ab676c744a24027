package io.containr.database.engine;

import io.containr.database.DatabaseProperties;
import io.containr.database.catalogue.DatabaseType;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.springframework.stereotype.Component;

/** Who speaks which engine's protocol. */
@Component
public class EngineClients {

    private final Map<DatabaseType, EngineClient> clients = new EnumMap<>(DatabaseType.class);

    EngineClients(DatabaseProperties properties) throws SQLException {
        Duration patience = properties.patience().answer();
        for (DatabaseType type : DatabaseType.values()) {
            clients.put(type, client(type, patience));
        }
    }

    private static EngineClient client(DatabaseType type, Duration patience) throws SQLException {
        return switch (type) {
            case POSTGRESQL -> JdbcEngine.postgresql(patience);
            case MYSQL -> JdbcEngine.mysql(patience);
            case MARIADB -> JdbcEngine.mariadb(patience);
            case REDIS, DRAGONFLY -> new RedisEngine(patience);
            case MONGODB -> new MongoEngine(patience);
            case CLICKHOUSE -> new ClickHouseEngine(patience);
        };
    }

    public EngineClient of(DatabaseType type) {
        return Objects.requireNonNull(clients.get(type), "one for each type");
    }
}
