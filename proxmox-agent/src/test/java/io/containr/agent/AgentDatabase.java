package io.containr.agent;

import io.containr.testing.TestInfrastructure;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The agent's tables without an agent. */
public final class AgentDatabase {

    private AgentDatabase() {}

    /** A database of one's own, with every table and nothing in them. */
    public static DriverManagerDataSource fresh() {
        TestInfrastructure.Database database = TestInfrastructure.newDatabase();
        DriverManagerDataSource source =
                new DriverManagerDataSource(database.url(), database.user(), database.password());
        Flyway.configure()
                .dataSource(source)
                .locations("classpath:db/runtime", "classpath:db/agent")
                .load()
                .migrate();
        return source;
    }
}
