package io.containr.database.managed;

import io.containr.contracts.Sealed;
import io.containr.contracts.ids.DatabaseId;
import io.containr.runtime.rows.Rows;
import java.time.Instant;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table of passwords that databases had: data that go back to a point in time have the one of then. */
@Repository
public class ReplacedPasswords {

    private final JdbcClient jdbc;

    ReplacedPasswords(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** In the current transaction. */
    void replaced(DatabaseId database, Sealed password, Instant now) {
        jdbc.sql("""
                insert into replaced_password (database_id, until, password) values (:database, :until, :password)
                on conflict do nothing""")
                .param("database", database.value())
                .param("until", Rows.timestamp(now))
                .param("password", password.ciphertext())
                .update();
    }

    /** The one it had then; empty: the present one. */
    public Optional<Sealed> at(DatabaseId database, Instant time) {
        return jdbc.sql("""
                select password from replaced_password where database_id = :database and until > :time
                order by until limit 1""")
                .param("database", database.value())
                .param("time", Rows.timestamp(time))
                .query(String.class)
                .optional()
                .map(Sealed::new);
    }

    /** Of databases that are gone with all their backups. */
    public void forget() {
        jdbc.sql("""
                delete from replaced_password
                where not exists (select 1 from database where id = database_id)
                  and not exists (select 1 from database_backup backup where backup.database_id = replaced_password.database_id)""").update();
    }
}
