package io.containr.project.git;

import io.containr.contracts.Sealed;
import io.containr.contracts.ids.UserId;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table of Git providers. */
@Repository
class GitProviders {

    private static final String OWNER = "git-provider-owner/";

    private final JdbcClient jdbc;

    GitProviders(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Oldest first. */
    List<GitProvider> ownedBy(UserId owner) {
        return jdbc.sql("select * from git_provider where owner_id = :owner order by id")
                .param("owner", owner.value())
                .query(GitProviders::provider)
                .list();
    }

    Optional<GitProvider> find(GitProviderId id, UserId owner) {
        return jdbc.sql("select * from git_provider where id = :id and owner_id = :owner")
                .param("id", id.value())
                .param("owner", owner.value())
                .query(GitProviders::provider)
                .optional();
    }

    /** Lets changes of the owner's providers pass one at a time until the end of the transaction. */
    void lockOwner(UserId owner) {
        jdbc.sql("select pg_advisory_xact_lock(hashtextextended(:owner, 0))")
                .param("owner", OWNER + owner)
                .query((rs, row) -> row)
                .list();
    }

    /** None of the owner's is added, changed or deleted until the end of the transaction. */
    void shareOwner(UserId owner) {
        jdbc.sql("select pg_advisory_xact_lock_shared(hashtextextended(:owner, 0))")
                .param("owner", OWNER + owner)
                .query((rs, row) -> row)
                .list();
    }

    void insert(GitProvider provider) {
        jdbc.sql("""
                insert into git_provider (id, owner_id, kind, name, base_url, account, token, created_at)
                values (:id, :owner, :kind, :name, :url, :account, :token, :created)""")
                .param("id", provider.id().value())
                .param("owner", provider.owner().value())
                .param("kind", provider.kind().name())
                .param("name", provider.name())
                .param(
                        "url",
                        provider.baseUrl() == null ? null : provider.baseUrl().toString())
                .param("account", provider.account())
                .param("token", provider.token().ciphertext())
                .param("created", Timestamp.from(provider.createdAt()))
                .update();
    }

    /** Whether there was one of that owner. */
    boolean update(GitProvider provider) {
        return jdbc.sql(
                                "update git_provider set account = :account, token = :token where id = :id and owner_id = :owner")
                        .param("account", provider.account())
                        .param("token", provider.token().ciphertext())
                        .param("id", provider.id().value())
                        .param("owner", provider.owner().value())
                        .update()
                == 1;
    }

    /** Whether there was one of that owner. */
    boolean delete(GitProviderId id, UserId owner) {
        return jdbc.sql("delete from git_provider where id = :id and owner_id = :owner")
                        .param("id", id.value())
                        .param("owner", owner.value())
                        .update()
                == 1;
    }

    private static GitProvider provider(ResultSet rs, int row) throws SQLException {
        String url = rs.getString("base_url");
        return new GitProvider(
                new GitProviderId(rs.getObject("id", UUID.class)),
                new UserId(rs.getObject("owner_id", UUID.class)),
                ProviderKind.valueOf(rs.getString("kind")),
                rs.getString("name"),
                url == null ? null : URI.create(url),
                rs.getString("account"),
                new Sealed(rs.getString("token")),
                rs.getTimestamp("created_at").toInstant());
    }
}
