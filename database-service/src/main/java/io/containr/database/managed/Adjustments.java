package io.containr.database.managed;

import io.containr.contracts.Failure;
import io.containr.database.managed.DatabaseInstance.Adjustment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What instances are to be given while they run, and do not have yet. */
@Component
public class Adjustments {

    private final DatabaseInstances instances;

    Adjustments(DatabaseInstances instances) {
        this.instances = instances;
    }

    /** @param obstacle why not, where something is in the way */
    public record Pending(@Nullable Failure obstacle) {}

    /** Of the database's present instance; empty where there is none, or it has everything. */
    public Optional<Pending> pending(Database database) {
        return Decision.current(database, instances.of(database.id()))
                .map(DatabaseInstance::adjustment)
                .filter(adjustment -> !adjustment.done() || adjustment.asked() < database.adjustment())
                .map(Adjustments::pending);
    }

    private static Pending pending(Adjustment adjustment) {
        return new Pending(adjustment.obstacle());
    }
}
