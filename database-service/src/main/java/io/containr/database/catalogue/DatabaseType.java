package io.containr.database.catalogue;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The engines there are. */
public enum DatabaseType {
    POSTGRESQL,
    MYSQL,
    MARIADB,
    REDIS,
    DRAGONFLY,
    MONGODB,
    CLICKHOUSE;

    /** As the API spells it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<DatabaseType> of(String word) {
        return Arrays.stream(values()).filter(type -> type.word().equals(word)).findFirst();
    }

    /** All of them, for people. */
    public static String words() {
        return Arrays.stream(values()).map(DatabaseType::word).collect(Collectors.joining(", "));
    }
}
