package io.containr.database.engine;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Engines with a JDBC driver. The driver is asked itself, since the list of them is shared by the whole JVM. */
final class JdbcEngine implements EngineClient, PasswordChange, Sessions {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_]+");

    private final Driver driver;
    private final Function<Target, String> url;
    private final Map<String, String> settings;
    private final Function<String, Map<String, String>> encryption;
    private final String changePassword;
    private final Statistics statistics;

    /**
     * Statements that give numbers.
     *
     * @param connections the number is in the last column
     * @param ours how many of them are our own
     * @param stored bytes
     * @param first a statement that goes before them; null: none
     */
    private record Statistics(
            String connections,
            int ours,
            String stored,
            @Nullable String first) {}

    /** Without its logs, which its user may not see. */
    private static final Statistics MARIADB = new Statistics(
            "show global status like 'Threads_connected'",
            1,
            "select sum(data_length + index_length) from information_schema.tables",
            null);

    /** It remembers the sizes of its tables for a day, unless it is told not to. */
    private static final Statistics MYSQL = new Statistics(
            MARIADB.connections(), 1, MARIADB.stored(), "set session information_schema_stats_expiry = 0");

    private static final Statistics POSTGRESQL = new Statistics(
            "select count(*) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
            0,
            "select sum(pg_database_size(oid)) + (select coalesce(sum(size), 0) from pg_ls_waldir()) from pg_database",
            null);

    /**
     * @param url without user and password
     * @param settings of the driver
     * @param encryption what more there is for an engine that is known by a certificate
     * @param changePassword with the user and the new password to fill in
     */
    private JdbcEngine(
            Driver driver,
            Function<Target, String> url,
            Map<String, String> settings,
            Function<String, Map<String, String>> encryption,
            String changePassword,
            Statistics statistics) {
        this.driver = driver;
        this.url = url;
        this.settings = settings;
        this.encryption = encryption;
        this.changePassword = changePassword;
        this.statistics = statistics;
    }

    static JdbcEngine postgresql(Duration patience) {
        String seconds = Long.toString(Math.max(1, patience.toSeconds()));
        return new JdbcEngine(
                new org.postgresql.Driver(),
                target -> "jdbc:postgresql://%s:%d/%s".formatted(target.host(), target.port(), target.database()),
                Map.of(
                        "connectTimeout", seconds,
                        "socketTimeout", seconds,
                        "loginTimeout", seconds,
                        "ApplicationName", "containr"),
                authority -> Map.of(
                        "sslmode",
                        "verify-ca",
                        "sslfactory",
                        org.postgresql.ssl.SingleCertValidatingFactory.class.getName(),
                        "sslfactoryarg",
                        authority),
                "alter user \"%1$s\" with password '%2$s'",
                POSTGRESQL);
    }

    static JdbcEngine mysql(Duration patience) throws SQLException {
        String millis = Long.toString(patience.toMillis());
        return new JdbcEngine(
                new com.mysql.cj.jdbc.Driver(),
                target -> "jdbc:mysql://%s:%d/%s".formatted(target.host(), target.port(), target.database()),
                Map.of(
                        "connectTimeout",
                        millis,
                        "socketTimeout",
                        millis,
                        "sslMode",
                        "PREFERRED",
                        "allowPublicKeyRetrieval",
                        "true"),
                // Its driver takes no certificate but from a file: the connection is encrypted, not proven.
                authority -> Map.of("sslMode", "REQUIRED", "allowPublicKeyRetrieval", "false"),
                "alter user user() identified by '%2$s'",
                MYSQL);
    }

    static JdbcEngine mariadb(Duration patience) {
        String millis = Long.toString(patience.toMillis());
        return new JdbcEngine(
                new org.mariadb.jdbc.Driver(),
                target -> "jdbc:mariadb://%s:%d/%s".formatted(target.host(), target.port(), target.database()),
                Map.of("connectTimeout", millis, "socketTimeout", millis),
                authority -> Map.of("sslMode", "verify-ca", "serverSslCert", authority),
                "set password = password('%2$s')",
                MARIADB);
    }

    @Override
    public void query(Target target) throws EngineException {
        try (Connection connection = connect(target);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select 1")) {
            if (!row.next() || row.getInt(1) != 1) {
                throw new EngineException("It answered a query with something else");
            }
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    @Override
    public void changePassword(Target target, String next) throws EngineException {
        if (!PLAIN.matcher(target.user()).matches() || !PLAIN.matcher(next).matches()) {
            throw new IllegalArgumentException("user and password are generated: letters, digits and underscores");
        }
        try (Connection connection = connect(target);
                Statement statement = connection.createStatement()) {
            statement.execute(changePassword.formatted(target.user(), next));
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    @Override
    public String mark(Target target, String token) throws EngineException {
        String insert = Marks.insert(token);
        try (Connection connection = connect(target);
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "create table if not exists " + Marks.NAME + " (id int primary key, value varchar(100) not null)");
            statement.execute("delete from " + Marks.NAME);
            statement.execute(insert);
        } catch (SQLException e) {
            throw failure(e);
        }
        return Marks.checksum(Marks.rows(token));
    }

    @Override
    public String readMark(Target target) throws EngineException {
        SortedMap<Integer, String> rows = new TreeMap<>();
        try (Connection connection = connect(target);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select id, value from " + Marks.NAME)) {
            while (row.next()) {
                rows.put(row.getInt(1), row.getString(2));
            }
        } catch (SQLException e) {
            throw failure(e);
        }
        return Marks.checksum(rows);
    }

    @Override
    public Figures figures(Target target) throws EngineException {
        try (Connection connection = connect(target);
                Statement statement = connection.createStatement()) {
            if (statistics.first() != null) {
                statement.execute(statistics.first());
            }
            Long connections = number(statement, statistics.connections());
            return new Figures(
                    connections == null ? null : Math.toIntExact(connections - statistics.ours()),
                    number(statement, statistics.stored()));
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /** In the last column of the one row; null where there is none. */
    private static @Nullable Long number(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            if (!row.next()) {
                return null;
            }
            long value = row.getLong(row.getMetaData().getColumnCount());
            return row.wasNull() ? null : value;
        }
    }

    @Override
    public Connection open(Target target) throws EngineException {
        try {
            return connect(target);
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private Connection connect(Target target) throws SQLException, EngineException {
        Properties properties = new Properties();
        properties.putAll(settings);
        if (target.authority() != null) {
            properties.putAll(encryption.apply(target.authority()));
        }
        properties.setProperty("user", target.user());
        properties.setProperty("password", target.password());
        @Nullable Connection connection = driver.connect(url.apply(target), properties);
        if (connection == null) {
            throw new EngineException("The driver does not know its own URL");
        }
        return connection;
    }

    /** Drivers put neither passwords nor statements of ours into the first line of what they say. */
    static EngineException failure(SQLException e) {
        String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
        return new EngineException(message, e);
    }
}
