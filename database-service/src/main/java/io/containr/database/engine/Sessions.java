package io.containr.database.engine;

import java.sql.Connection;
import java.sql.SQLException;

/** An engine that takes statements of others than its client, too. */
public interface Sessions {

    /** Logged in; the caller closes it. */
    Connection open(Target target) throws EngineException;

    /** What a statement of such a connection failed by. */
    static EngineException failure(SQLException e) {
        return JdbcEngine.failure(e);
    }
}
