package io.containr.database.managed;

import io.containr.contracts.Failure;
import io.containr.contracts.agent.AgentCommand.EnsureInstance;
import io.containr.contracts.agent.AgentCommand.RemoveInstance;
import io.containr.contracts.agent.VolumeCommand.RemoveVolume;
import io.containr.contracts.ids.DatabaseId;
import io.containr.contracts.ids.InstanceId;
import io.containr.database.DatabaseProperties;
import io.containr.database.catalogue.Catalogue;
import io.containr.database.image.EngineImage;
import io.containr.database.image.EngineImages;
import io.containr.database.managed.Database.Condition;
import io.containr.database.managed.DatabaseInstance.Adjustment;
import io.containr.database.managed.DatabaseInstance.State;
import io.containr.runtime.Ids;
import io.containr.runtime.messaging.Outbox;
import io.containr.runtime.work.Next;
import io.containr.runtime.work.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * The loop that makes one database what it shall be. Each round reads everything again under the lock of the database's row, has the
 * next step decided, and takes it in the same transaction; only the question to the engine is asked outside of one, and its answer
 * counts if the instance is still the current one. Messages, requests and the sweep only begin another round.
 */
@Component
class Reconciler {

    private static final Logger log = LoggerFactory.getLogger(Reconciler.class);
    private static final int ROUNDS = 30;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Databases databases;
    private final DatabaseInstances instances;
    private final EngineImages images;
    private final Catalogue catalogue;
    private final InstanceFactory factory;
    private final Questions questions;
    private final Changes changes;
    private final Recoveries recoveries;
    private final Measurements measurements;
    private final ReplacedPasswords passwords;
    private final Decision decision;
    private final Outbox outbox;
    private final DatabaseProperties.Patience patience;
    private final TransactionOperations transaction;

    Reconciler(
            Databases databases,
            DatabaseInstances instances,
            EngineImages images,
            Catalogue catalogue,
            InstanceFactory factory,
            Questions questions,
            Changes changes,
            Recoveries recoveries,
            Measurements measurements,
            ReplacedPasswords passwords,
            Outbox outbox,
            DatabaseProperties properties,
            TransactionOperations transaction) {
        this.databases = databases;
        this.instances = instances;
        this.images = images;
        this.catalogue = catalogue;
        this.factory = factory;
        this.questions = questions;
        this.changes = changes;
        this.recoveries = recoveries;
        this.measurements = measurements;
        this.passwords = passwords;
        this.decision = new Decision(properties.patience());
        this.outbox = outbox;
        this.patience = properties.patience();
        this.transaction = transaction;
    }

    Next reconcile(Work work) {
        DatabaseId id = DatabaseId.of(work.key());
        for (int round = 0; round < ROUNDS; round++) {
            Round taken = Objects.requireNonNull(transaction.execute(status -> round(id)));
            Optional<Next> next = taken.question() == null ? taken.next() : ask(taken.question());
            if (next.isPresent()) {
                return next.get();
            }
        }
        return Next.after(PAUSE);
    }

    /** What a round came to: a question to ask, or when to look again; neither: at once. */
    private record Round(@Nullable Question question, Optional<Next> next) {

        static Round again() {
            return new Round(null, Optional.empty());
        }

        static Round later(Duration wait) {
            return new Round(null, Optional.of(Next.after(wait)));
        }

        static Round done() {
            return new Round(null, Optional.of(Next.done()));
        }
    }

    private record Question(Database database, DatabaseInstance instance) {}

    private Round round(DatabaseId id) {
        Optional<Database> found = databases.lock(id);
        if (found.isEmpty()) {
            return Round.done();
        }
        Database database = found.get();
        Instant now = changes.now();
        EngineImage image =
                database.image() == null ? images.find(reference(database)).orElse(null) : null;
        Step step = decision.decide(database, instances.of(id), image, image != null && images.isDue(image, now), now);
        log.debug("Database {}, {}: {}", id, database.status(), step);
        return take(step, database, image, now);
    }

    private String reference(Database database) {
        return catalogue
                .engine(database.type())
                .version(database.version())
                .orElseThrow(() -> new IllegalStateException(
                        "the catalogue has no " + database.type() + " " + database.version() + " any more"))
                .image();
    }

    private Round take(Step step, Database database, @Nullable EngineImage image, Instant now) {
        return switch (step) {
            case Step.PrepareImage prepare -> {
                images.request(reference(database));
                yield Round.again();
            }
            case Step.Launch launch -> {
                launch(
                        image == null
                                ? database
                                : database.withImage(Objects.requireNonNull(image.image(), "it is ready")),
                        now);
                yield Round.again();
            }
            case Step.Remove remove -> {
                remove(database, remove.instances());
                yield Round.again();
            }
            case Step.Replace replace -> {
                Database after = remove(database, List.of(replace.instance()));
                giveUpForNow(after, replace.failure(), now);
                yield Round.again();
            }
            case Step.GiveUpForNow givenUp -> {
                images.request(reference(database));
                giveUpForNow(database, givenUp.failure(), now);
                yield Round.again();
            }
            case Step.Adjust adjust -> {
                adjust(database, adjust.instance());
                yield Round.again();
            }
            case Step.Restart restart -> {
                changes.restart(database.renewed(), restart.reason());
                yield Round.again();
            }
            case Step.Ask ask -> new Round(new Question(database, ask.instance()), Optional.empty());
            case Step.Become become -> {
                changes.enter(database.withPlace(null), become.status(), null);
                yield Round.again();
            }
            case Step.Err err -> {
                changes.enter(database, DatabaseStatus.ERROR, err.failure());
                yield Round.later(err.look());
            }
            case Step.FallBack back -> {
                recoveries.fallBack(database, back.failure());
                yield Round.again();
            }
            case Step.Forget forget -> {
                outbox.append(new RemoveVolume(database.volume()), database.volume());
                recoveries.forget(database);
                if (!database.isDrill()) {
                    passwords.replaced(database.id(), database.access().password(), now);
                }
                changes.tellDeleted(database);
                databases.delete(database.id());
                yield Round.done();
            }
            case Step.Wait wait -> Round.later(wait.atMost());
            case Step.Rest rest -> Round.done();
        };
    }

    private void launch(Database database, Instant now) {
        Database next = database.nextGeneration();
        DatabaseInstance instance = new DatabaseInstance(
                new InstanceId(Ids.next()),
                next.volume(),
                next.revision(),
                Adjustment.of(next),
                State.ASKED,
                null,
                null);
        databases.update(next);
        instances.insert(next.id(), instance, next.generation(), now);
        outbox.append(new EnsureInstance(factory.describe(next, instance.id())), next.volume());
    }

    private void adjust(Database database, DatabaseInstance instance) {
        Database next = database.nextGeneration();
        databases.update(next);
        instances.adjust(instance.id(), next.adjustment(), next.generation());
        outbox.append(new EnsureInstance(factory.describe(next, instance.id())), next.volume());
    }

    private Database remove(Database database, List<DatabaseInstance> leaving) {
        Database next = database.nextGeneration();
        databases.update(next);
        for (DatabaseInstance instance : leaving) {
            instances.leave(instance.id());
            outbox.append(
                    new RemoveInstance(
                            instance.id(), instance.volume(), next.generation(), Duration.ZERO, patience.stopGrace()),
                    instance.volume());
        }
        return next;
    }

    private void giveUpForNow(Database database, Failure failure, Instant now) {
        int failures = database.condition().failures() + 1;
        Condition condition = database.condition();
        changes.enter(
                database.withCondition(new Condition(
                        condition.status(),
                        condition.since(),
                        condition.failure(),
                        failures,
                        now.plus(decision.pause(failures)))),
                DatabaseStatus.ERROR,
                failure);
    }

    private Optional<Next> ask(Question question) {
        Questions.Answer answer = questions.ask(question.database(), question.instance());
        Round round = Objects.requireNonNull(transaction.execute(status -> heard(question, answer)));
        return round.next();
    }

    /** One that has just been handed what it has to replay has all the time for it from now on. */
    private Round unanswered(Database database, Questions.Answer answer, String problem) {
        Instant now = changes.now();
        return switch (answer.replay()) {
            case Replays.Progress.HandedOver handed -> {
                databases.update(database.withHandedLog(now));
                yield Round.later(patience.ready());
            }
            case Replays.Progress.Failed failed ->
                take(decision.afterEnd(database, failed.reason()), database, null, now);
            case Replays.Progress.Waiting waiting ->
                take(decision.afterSilence(database, problem, now), database, null, now);
            case null -> take(decision.afterSilence(database, problem, now), database, null, now);
        };
    }

    private Round heard(Question question, Questions.Answer answer) {
        Optional<Database> found = databases.lock(question.database().id());
        if (found.isEmpty()) {
            return Round.done();
        }
        Database database = found.get();
        List<DatabaseInstance> all = instances.of(database.id());
        boolean current = database.wanted() == Wanted.RUNNING
                && Decision.current(database, all)
                        .filter(instance ->
                                instance.id().equals(question.instance().id()))
                        .isPresent();
        if (!current) {
            return Round.again();
        }
        if (answer.problem() != null) {
            return unanswered(database, answer, answer.problem());
        }
        if (answer.figures() != null) {
            measurements.told(question.instance().id(), answer.figures(), changes.now());
        }
        Database known = questions.settlePassword(database, answer);
        if (known != database && !database.isOnTrial()) {
            passwords.replaced(database.id(), database.access().password(), changes.now());
        }
        changes.enter(known.withPlace(question.instance().place()), DatabaseStatus.RUNNING, null);
        if (known.variablesRevision() != database.variablesRevision()) {
            changes.tellVariables(known);
        }
        List<DatabaseInstance> older = all.stream()
                .filter(DatabaseInstance::stays)
                .filter(instance -> !instance.id().equals(question.instance().id()))
                .toList();
        if (!older.isEmpty()) {
            remove(databases.lock(database.id()).orElseThrow(), older);
        }
        if (known.isOnTrial()) {
            recoveries.passed(databases.lock(database.id()).orElseThrow());
            return Round.again();
        }
        return known.access().next() == null ? Round.later(patience.check()) : Round.again();
    }
}
