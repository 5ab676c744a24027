package io.containr.deploy.run;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import io.containr.contracts.project.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When a schedule comes, in the local time of its zone. A time of day that the clocks skip in spring does not come that day; one that they
 * show twice in autumn comes once, but what recurs within the hour goes on through both.
 */
final class Timetable {

    private static final CronParser PARSER = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));

    private final ExecutionTime times;
    private final ZoneId zone;

    /** @throws IllegalArgumentException if it is none */
    Timetable(Schedule schedule) {
        this.times = ExecutionTime.forCron(PARSER.parse(schedule.cron()));
        this.zone = ZoneId.of(schedule.timeZone());
    }

    /** The first time after that one; empty where it never comes again. */
    Optional<Instant> after(Instant time) {
        return times.nextExecution(time.atZone(zone)).map(next -> next.toInstant());
    }

    /**
     * What to do about every time from {@code first} until now.
     *
     * @param window how late the latest of them may still be started
     * @param most how many of those that were missed are told, the latest ones
     */
    Due due(Instant first, Instant now, Duration window, int most) {
        Deque<Instant> passed = new ArrayDeque<>();
        Optional<Instant> next = Optional.of(first);
        while (next.isPresent() && !next.get().isAfter(now)) {
            passed.addLast(next.get());
            if (passed.size() > most + 1) {
                passed.removeFirst();
            }
            next = after(next.get());
        }
        Instant latest = passed.peekLast();
        boolean inTime = latest != null && !latest.plus(window).isBefore(now);
        if (inTime) {
            passed.removeLast();
        } else if (passed.size() > most) {
            passed.removeFirst();
        }
        return new Due(List.copyOf(passed), inTime ? latest : null, next.orElse(null));
    }

    /**
     * @param missed too late to be started
     * @param run to be started, null: none
     * @param next the first time to come, null: none
     */
    record Due(
            List<Instant> missed,
            @Nullable Instant run,
            @Nullable Instant next) {}
}
