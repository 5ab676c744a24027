package io.containr.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containr.audit.log.AuditLog;
import io.containr.audit.log.Fact;
import io.containr.runtime.Ids;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

@RunningService
class ChainIT {

    @LocalServerPort
    private int port;

    @Autowired
    private AuditLog audit;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private PlatformTransactionManager transactions;

    @Test
    void chainOfWritersThatWriteAtOnceIsIntact() throws Exception {
        try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Integer>> batches = IntStream.range(0, 20)
                    .<Callable<Integer>>mapToObj(i -> () -> audit.append(
                            IntStream.range(0, 10).mapToObj(j -> fact("w" + i)).toList()))
                    .toList();
            assertThat(writers.invokeAll(batches).stream().map(Future::resultNow))
                    .containsOnly(10);
        }

        JsonNode verification = Platform.verify(port);

        assertThat(verification.path("intact").asBoolean())
                .as(verification.toString())
                .isTrue();
        assertThat(verification.path("entries").asLong()).isGreaterThanOrEqualTo(200);
        assertThat(verification.path("head").asString()).matches("[0-9a-f]{64}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update audit_entry set action = 'x'",
                "delete from audit_entry",
                "delete from audit_entry where false",
                "truncate audit_entry"
            })
    void entriesCannotBeChangedOrRemoved(String statement) {
        audit.append(List.of(fact("kept")));

        assertThatThrownBy(() -> jdbc.sql(statement).update())
                .isInstanceOf(DataAccessException.class)
                .hasMessageContaining("the audit log is append-only");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update audit_entry set user_id = 'mallory' where seq = :middle",
                "update audit_entry set details = details || ' ' where seq = :middle",
                "update audit_entry set occurred_at = occurred_at + interval '1 microsecond' where seq = :middle",
                "update audit_entry set user_id = user_email, user_email = user_id where seq = :middle",
                "delete from audit_entry where seq = :middle",
                "delete from audit_entry where seq > :middle",
                "update audit_entry set seq = seq + 1000000 where seq = :middle"
            })
    void changePastTheTriggerIsFound(String statement) {
        audit.append(IntStream.range(0, 5).mapToObj(i -> fact("f" + i)).toList());
        long middle = jdbc.sql("select max(seq) - 2 from audit_entry")
                .query(Long.class)
                .single();
        assertThat(Platform.verify(port).path("intact").asBoolean()).isTrue();

        bypassingTheTrigger("create table backup as table audit_entry");
        bypassingTheTrigger(statement.replace(":middle", Long.toString(middle)));
        JsonNode verification = Platform.verify(port);
        bypassingTheTrigger("delete from audit_entry where id in (select id from backup)");
        bypassingTheTrigger("insert into audit_entry select * from backup");
        bypassingTheTrigger("drop table backup");

        assertThat(verification.path("intact").asBoolean()).isFalse();
        assertThat(verification.path("problem").asString()).contains("entry");
        assertThat(verification.path("entries").asLong()).isBetween(middle - 1, middle);
        assertThat(Platform.verify(port).path("intact").asBoolean()).isTrue();
    }

    /** As somebody who rules the database would. */
    private void bypassingTheTrigger(String statement) {
        new TransactionTemplate(transactions).executeWithoutResult(status -> {
            jdbc.sql("set local session_replication_role = replica").update();
            jdbc.sql(statement).update();
        });
    }

    private static Fact fact(String details) {
        return new Fact(
                Ids.next(),
                "containr.test.thing-done",
                Instant.now(),
                UUID.randomUUID().toString(),
                "ada@example.com",
                "thing",
                "1",
                "done",
                null,
                null,
                details,
                null,
                null);
    }
}
