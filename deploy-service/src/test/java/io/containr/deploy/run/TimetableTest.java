package io.containr.deploy.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.contracts.project.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimetableTest {

    private static final String BERLIN = "Europe/Berlin";
    private static final Duration HOUR = Duration.ofHours(1);

    private static Timetable of(String cron, String zone) {
        return new Timetable(new Schedule(cron, zone));
    }

    private static Instant at(String local, String zone) {
        return LocalDateTime.parse(local).atZone(ZoneId.of(zone)).toInstant();
    }

    private static List<Instant> times(Timetable table, Instant from, Instant to) {
        List<Instant> times = new ArrayList<>();
        for (Instant time = from; ; ) {
            time = table.after(time).orElseThrow();
            if (time.isAfter(to)) {
                return times;
            }
            times.add(time);
        }
    }

    @Test
    void theFieldsMeanLocalTime() {
        Timetable table = of("30 4 * * 1-5", BERLIN);
        assertThat(table.after(at("2026-01-02T04:30", BERLIN))).contains(at("2026-01-05T04:30", BERLIN));
        assertThat(table.after(at("2026-07-01T00:00", BERLIN))).contains(Instant.parse("2026-07-01T02:30:00Z"));
    }

    @Test
    void dayOfMonthAndDayOfWeekAreEitherOrAsInCrontab() {
        Timetable table = of("0 0 13 * 5", "UTC");
        assertThat(times(table, Instant.parse("2026-03-01T00:00:00Z"), Instant.parse("2026-03-14T00:00:00Z")))
                .containsExactly(Instant.parse("2026-03-06T00:00:00Z"), Instant.parse("2026-03-13T00:00:00Z"));
        assertThat(times(
                        of("0 0 * * 7", "UTC"),
                        Instant.parse("2026-03-01T00:00:00Z"),
                        Instant.parse("2026-03-09T00:00:00Z")))
                .containsExactly(Instant.parse("2026-03-08T00:00:00Z"));
    }

    @Test
    void whatTheClocksSkipInSpringDoesNotComeThatDay() {
        assertThat(times(of("30 2 * * *", BERLIN), at("2026-03-28T12:00", BERLIN), at("2026-03-30T12:00", BERLIN)))
                .containsExactly(at("2026-03-30T02:30", BERLIN));
        assertThat(times(of("*/30 * * * *", BERLIN), at("2026-03-29T01:00", BERLIN), at("2026-03-29T04:00", BERLIN)))
                .containsExactly(
                        at("2026-03-29T01:30", BERLIN),
                        at("2026-03-29T03:00", BERLIN),
                        at("2026-03-29T03:30", BERLIN),
                        at("2026-03-29T04:00", BERLIN));
    }

    @Test
    void whatTheClocksShowTwiceInAutumnComesOnce() {
        assertThat(times(of("30 2 * * *", BERLIN), at("2026-10-24T12:00", BERLIN), at("2026-10-26T12:00", BERLIN)))
                .hasSize(2);
        List<Instant> halfHours =
                times(of("*/30 * * * *", BERLIN), at("2026-10-25T00:00", BERLIN), at("2026-10-25T06:00", BERLIN));
        assertThat(halfHours).hasSize(14).doesNotHaveDuplicates();
    }

    @Test
    void ofThoseThatPassedOnlyTheLatestIsMadeUpAndOnlyInTime() {
        Timetable table = of("0 * * * *", "UTC");
        Instant first = Instant.parse("2026-01-01T10:00:00Z");
        Timetable.Due soon = table.due(first, first.plusSeconds(1), HOUR, 5);
        assertThat(soon).isEqualTo(new Timetable.Due(List.of(), first, first.plus(HOUR)));

        Timetable.Due late = table.due(first, Instant.parse("2026-01-01T12:30:00Z"), HOUR, 5);
        assertThat(late.missed()).containsExactly(first, first.plus(HOUR));
        assertThat(late.run()).isEqualTo(Instant.parse("2026-01-01T12:00:00Z"));
        assertThat(late.next()).isEqualTo(Instant.parse("2026-01-01T13:00:00Z"));

        Timetable.Due tooLate = table.due(first, Instant.parse("2026-01-01T12:30:00Z"), Duration.ofMinutes(29), 2);
        assertThat(tooLate.run()).isNull();
        assertThat(tooLate.missed()).containsExactly(first.plus(HOUR), Instant.parse("2026-01-01T12:00:00Z"));
    }

    @Test
    void aLongAbsenceIsToldInBounds() {
        Timetable table = of("* * * * *", "UTC");
        Instant first = Instant.parse("2026-01-01T00:00:00Z");
        Timetable.Due due = table.due(first, first.plus(Duration.ofDays(30)).plusSeconds(5), HOUR, 10);
        assertThat(due.missed()).hasSize(10);
        assertThat(due.run()).isEqualTo(first.plus(Duration.ofDays(30)));
        assertThat(due.missed().getLast()).isEqualTo(due.run().minusSeconds(60));
    }
}
