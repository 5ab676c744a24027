package io.containr.gateway.route;

import io.containr.contracts.route.Route;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One host's route in force, and the choice among its instances. */
public final class HostRoute {

    private final Route route;
    private final List<Upstream> upstreams;
    private final AtomicInteger turn = new AtomicInteger();

    private HostRoute(Route route, List<Upstream> upstreams) {
        this.route = route;
        this.upstreams = upstreams;
    }

    /** Instances that stay keep their counts. */
    static HostRoute of(Route route, @Nullable HostRoute previous) {
        Map<Route.Target, Upstream> known = previous == null
                ? Map.of()
                : previous.upstreams.stream()
                        .collect(Collectors.toMap(Upstream::target, Function.identity(), (first, same) -> first));
        return new HostRoute(
                route,
                route.targets().stream()
                        .map(target -> known.getOrDefault(target, new Upstream(target)))
                        .toList());
    }

    public Route route() {
        return route;
    }

    public List<Upstream> upstreams() {
        return upstreams;
    }

    /** The reachable instance with the fewest requests under way, turn by turn among equals; empty if all are excluded. */
    public Optional<Upstream> choose(Collection<Upstream> excluded) {
        int count = upstreams.size();
        int start = count == 0 ? 0 : Math.floorMod(turn.getAndIncrement(), count);
        Upstream best = null;
        long bestLoad = Long.MAX_VALUE;
        for (int i = 0; i < count; i++) {
            Upstream candidate = upstreams.get((start + i) % count);
            if (excluded.contains(candidate)) {
                continue;
            }
            long load = candidate.inFlight() + (candidate.isAvoided() ? Integer.MAX_VALUE : 0L);
            if (load < bestLoad) {
                best = candidate;
                bestLoad = load;
            }
        }
        return Optional.ofNullable(best);
    }
}
