package io.containr.database.managed;

import io.containr.contracts.Sealed;
import io.containr.contracts.ids.DatabaseId;
import io.containr.database.engine.EngineClient;
import io.containr.database.engine.EngineClients;
import io.containr.database.engine.EngineException;
import io.containr.database.engine.Figures;
import io.containr.database.engine.PasswordChange;
import io.containr.database.engine.Target;
import io.containr.database.managed.Database.Access;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Asks an engine a query, and gives it the next password where there is one; outside of any transaction. */
@Component
class Questions {

    private static final Logger log = LoggerFactory.getLogger(Questions.class);

    private final EngineClients clients;
    private final Credentials credentials;
    private final Proofs proofs;
    private final Replays replays;

    Questions(EngineClients clients, Credentials credentials, Proofs proofs, Replays replays) {
        this.clients = clients;
        this.proofs = proofs;
        this.replays = replays;
        this.credentials = credentials;
    }

    /**
     * What it said.
     *
     * @param problem null where it answered
     * @param password it answered to
     * @param figures of its use; null where it was not asked for them
     * @param replay how far an engine has come that does not answer yet because of it; null where it replays nothing
     */
    record Answer(
            @Nullable String problem,
            Sealed password,
            @Nullable Figures figures,
            Replays.@Nullable Progress replay) {

        Answer(@Nullable String problem, Sealed password) {
            this(problem, password, null, null);
        }
    }

    /** A change of password that was cut off may have taken effect, so the next one is tried where the present one fails. */
    Answer ask(Database database, DatabaseInstance instance) {
        Access access = database.access();
        EngineClient client = clients.of(database.type());
        Target target = credentials.target(database, Objects.requireNonNull(instance.place(), "it listens"));
        try {
            client.query(target);
        } catch (EngineException e) {
            Answer answer = access.next() == null
                    ? new Answer(e.getMessage(), access.password())
                    : withNext(client, target, database.id(), access.next(), e);
            return answer.problem() == null || database.replays() == null ? answer : replay(database, target, answer);
        }
        if (database.isDrill() && database.isOnTrial()) {
            return new Answer(proofs.problem(database, target).orElse(null), access.password());
        }
        if (access.next() == null || !(client instanceof PasswordChange change)) {
            return new Answer(
                    null,
                    access.password(),
                    database.status() == DatabaseStatus.RUNNING ? figures(database, client, target) : null,
                    null);
        }
        String next = credentials.open(database.id(), access.next());
        try {
            change.changePassword(target, next);
            client.query(target.with(next));
            return new Answer(null, access.next());
        } catch (EngineException e) {
            return new Answer("its password cannot be changed: " + e.getMessage(), access.password());
        }
    }

    private Answer replay(Database database, Target target, Answer answer) {
        try {
            return new Answer(answer.problem(), answer.password(), null, replays.serve(database, target));
        } catch (EngineException e) {
            log.debug("Database {} does not take its log: {}", database.id(), e.getMessage());
            return answer;
        }
    }

    /** One that does not tell them is as well as any. */
    private static Figures figures(Database database, EngineClient client, Target target) {
        try {
            return client.figures(target);
        } catch (EngineException e) {
            log.debug("Database {} does not tell how much it is used: {}", database.id(), e.getMessage());
            return Figures.UNKNOWN;
        }
    }

    private Answer withNext(
            EngineClient client, Target target, DatabaseId database, Sealed next, EngineException first) {
        try {
            client.query(target.with(credentials.open(database, next)));
            return new Answer(null, next);
        } catch (EngineException e) {
            return new Answer(first.getMessage(), next);
        }
    }

    /** The database with the password that its engine answered to. */
    Database settlePassword(Database database, Answer answer) {
        Access access = database.access();
        return answer.password().equals(access.next())
                ? database.withAccess(
                        new Access(access.user(), access.database(), answer.password(), null, access.admin()))
                : database;
    }
}
