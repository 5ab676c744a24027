package io.containr.project.services;

import io.containr.contracts.project.ServiceKind;
import io.containr.project.input.Problems;
import io.containr.project.input.TextRules;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a service's instances may use, how many there are and where, as the API takes and shows it. */
record ResourcesBody(
        @Nullable String cpu,
        @Nullable String memory,
        @Nullable String storage,
        @Nullable Long replicas,
        @Nullable String region) {

    static final String REGION_FIELD = "resources.region";
    private static final String REPLICAS_FIELD = "resources.replicas";

    static ResourcesBody of(ResourceLimits limits) {
        return new ResourcesBody(
                limits.cpu(), limits.memory(), limits.storage(), (long) limits.instances(), limits.region());
    }

    ResourceLimits over(Problems problems, ResourceLimits before, ServiceKind kind) {
        return new ResourceLimits(
                or(problems.check("resources.cpu", TextRules.blankToNull(cpu), ResourceLimits::cpu), before.cpu()),
                or(
                        problems.check("resources.memory", TextRules.blankToNull(memory), ResourceLimits::memory),
                        before.memory()),
                or(
                        problems.check("resources.storage", TextRules.blankToNull(storage), ResourceLimits::storage),
                        before.storage()),
                replicas(problems, before, kind),
                region == null
                        ? before.region()
                        : problems.check(REGION_FIELD, TextRules.blankToNull(region), TextRules::region));
    }

    private int replicas(Problems problems, ResourceLimits before, ServiceKind kind) {
        Integer checked = problems.check(REPLICAS_FIELD, replicas, ResourceLimits::replicas);
        if (checked == null) {
            return before.instances();
        }
        if (checked > 1 && !severalCanServe(kind)) {
            problems.add(REPLICAS_FIELD, "a service of type " + kind.word() + " has one instance at a time");
            return before.instances();
        }
        return checked;
    }

    /** A volume has one user at a time, and a run takes place once. */
    private static boolean severalCanServe(ServiceKind kind) {
        return switch (kind) {
            case WEB, WORKER -> true;
            case DATABASE, CRON -> false;
        };
    }

    private static String or(@Nullable String value, String otherwise) {
        return Objects.requireNonNullElse(value, otherwise);
    }
}
