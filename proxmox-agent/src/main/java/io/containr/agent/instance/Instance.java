package io.containr.agent.instance;

import io.containr.contracts.agent.AgentEvent;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.ids.InstanceId;
import io.containr.runtime.messaging.Origin;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An instance as stored.
 *
 * @param spec null once it was removed, and for one that was removed before it was ever asked for
 * @param origin of the latest command; its events carry it on
 */
record Instance(
        AgentEvent.Instance identity,
        @Nullable InstanceSpec spec,
        Desired desired,
        Progress progress,
        Location location,
        Milestones milestones,
        Origin origin) {

    /** How the description of every guest of ours begins. */
    static final String DESCRIPTION = "containr instance ";

    /** What became of other limits, or a larger volume, that were asked for while it is there. */
    enum Resize {
        /** It does not have them yet. */
        WANTED,
        /** The hypervisor does not give them to a guest that runs. */
        REFUSED
    }

    /**
     * How far it has come.
     *
     * @param resize null: it has what was asked for
     */
    record Progress(
            Phase phase,
            Instant since,
            int attempts,
            @Nullable Instant attempted,
            @Nullable String lastError,
            @Nullable PendingTask task,
            @Nullable Resize resize) {}

    /** Where its guest is, as far as that is decided. */
    record Location(
            @Nullable String node,
            @Nullable Integer vmid,
            @Nullable String address) {

        /** @throws NullPointerException before a node was chosen */
        String nodeName() {
            return Objects.requireNonNull(node, "no node was chosen");
        }

        /** @throws NullPointerException before a number was chosen */
        int guest() {
            return Objects.requireNonNull(vmid, "no number was chosen");
        }

        /** @throws NullPointerException before an address was chosen */
        String ip() {
            return Objects.requireNonNull(address, "no address was chosen");
        }
    }

    /** When each part ended for the first time. */
    record Milestones(
            @Nullable Instant placed,
            @Nullable Instant pulled,
            @Nullable Instant configured,
            @Nullable Instant started,
            @Nullable Instant healthy) {

        /** How long each part took; whoever was never healthy before is now. */
        Map<String, Duration> phases(Instant now) {
            Map<String, Duration> phases = new LinkedHashMap<>();
            put(phases, "pull", placed, pulled);
            put(phases, "create", pulled, configured);
            put(phases, "start", configured, started);
            put(phases, "healthy", started, healthy == null ? now : healthy);
            return phases;
        }

        private static void put(
                Map<String, Duration> phases, String name, @Nullable Instant from, @Nullable Instant to) {
            if (from != null && to != null) {
                phases.put(name, Duration.between(from, to));
            }
        }
    }

    InstanceId id() {
        return identity.id();
    }

    Phase phase() {
        return progress.phase();
    }

    /** @throws NullPointerException where there is none any more */
    InstanceSpec wanted() {
        return Objects.requireNonNull(spec, "the specification is gone");
    }

    /** Whether it has a volume that outlives it. */
    boolean keepsVolume() {
        return spec != null && spec.volume() != null;
    }

    /** Whether another instance can take its place elsewhere: it has no data, and does not do its work only once. */
    boolean canBeReplaced() {
        return spec != null && !keepsVolume() && !spec.runsOnce();
    }

    /** What the guest's description says, so that it can be recognised. */
    String description() {
        return DESCRIPTION + id() + " of service " + identity.service() + " in deployment " + identity.deployment();
    }
}
