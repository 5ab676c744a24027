package io.containr.auth.user;

import io.containr.contracts.ids.UserId;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table of users. */
@Repository
class Users {

    private final JdbcClient jdbc;

    Users(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<User> find(UserId id) {
        return select(id, "");
    }

    /** The same, and nobody else changes the user before this transaction ends. */
    Optional<User> lock(UserId id) {
        return select(id, " for update");
    }

    private Optional<User> select(UserId id, String suffix) {
        return jdbc.sql("select id, email, name, avatar_url, created_at, updated_at from users where id = :id" + suffix)
                .param("id", id.value())
                .query((row, number) -> new User(
                        new UserId(row.getObject("id", UUID.class)),
                        row.getString("email"),
                        row.getString("name"),
                        row.getString("avatar_url"),
                        row.getTimestamp("created_at").toInstant(),
                        row.getTimestamp("updated_at").toInstant()))
                .optional();
    }

    /** False where another transaction was first. */
    boolean insert(Identity identity, Instant now) {
        return jdbc.sql("""
                insert into users (id, email, name, created_at, updated_at) values (:id, :email, :name, :now, :now)
                on conflict do nothing""")
                        .param("id", identity.id().value())
                        .param("email", identity.email())
                        .param("name", identity.name())
                        .param("now", Timestamp.from(now))
                        .update()
                == 1;
    }

    void update(User user) {
        jdbc.sql("""
                update users set email = :email, name = :name, avatar_url = :avatar, updated_at = :now
                where id = :id""")
                .param("id", user.id().value())
                .param("email", user.email())
                .param("name", user.name())
                .param("avatar", user.avatarUrl())
                .param("now", Timestamp.from(user.updatedAt()))
                .update();
    }
}
