package io.containr.project;

import org.awaitility.Awaitility;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Sees who waits for the locks of the transaction that asks, directly or behind others. */
public final class Waiting {

    private static final String BEHIND = """
            select count(distinct pid) from pg_locks
            where not granted and pg_blocking_pids(pid) && (
                select array_append(coalesce(array_agg(pid), '{}'), :pid) from pg_locks
                where not granted and :pid = any(pg_blocking_pids(pid)))""";

    private Waiting() {}

    /** Waits until so many others wait for the caller's transaction. */
    public static void until(JdbcClient jdbc, int others) {
        int own = jdbc.sql("select pg_backend_pid()").query(Integer.class).single();
        Awaitility.await()
                .until(() ->
                        jdbc.sql(BEHIND).param("pid", own).query(Integer.class).single() >= others);
    }
}
