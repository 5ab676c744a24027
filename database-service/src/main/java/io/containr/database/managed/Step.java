package io.containr.database.managed;

import io.containr.contracts.Failure;
import java.time.Duration;
import java.util.List;

/** What is to be done next for a database. */
sealed interface Step {

    /** Has its engine's image prepared. */
    record PrepareImage() implements Step {}

    /** Asks for an instance. */
    record Launch() implements Step {}

    /** Tells instances to go. */
    record Remove(List<DatabaseInstance> instances) implements Step {
        public Remove {
            instances = List.copyOf(instances);
        }
    }

    /** Tells an instance that failed to go, and has another try later. */
    record Replace(DatabaseInstance instance, Failure failure) implements Step {}

    /** Cannot even begin; another try later. */
    record GiveUpForNow(Failure failure) implements Step {}

    /** Asks the engine a query. */
    record Ask(DatabaseInstance instance) implements Step {}

    /** Has an instance given what the database is by now, while it runs. */
    record Adjust(DatabaseInstance instance) implements Step {}

    /** The instance cannot have that while it runs: another one takes its place. */
    record Restart(Failure reason) implements Step {}

    /** Its status is another one. */
    record Become(DatabaseStatus status) implements Step {}

    /** It is not as it should be, which a look later may change. */
    record Err(Failure failure, Duration look) implements Step {}

    /** What a backup brought does not answer: back to what was before, if there is something. */
    record FallBack(Failure failure) implements Step {}

    /** The last trace of it goes. */
    record Forget() implements Step {}

    record Wait(Duration atMost) implements Step {}

    /** Nothing, until somebody wakes it. */
    record Rest() implements Step {}
}
