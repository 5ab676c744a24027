package io.containr.project.input;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.regex.Pattern;

/** What schedules must look like: five fields as in crontab(5), and a time zone by its IANA name. */
public final class ScheduleRules {

    private static final int LONGEST_SCHEDULE = 255;
    private static final Pattern FIELDS = Pattern.compile("\\S+(?:[ \\t]+\\S+){4}");
    private static final CronParser PARSER = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
    private static final Set<String> ZONES = ZoneId.getAvailableZoneIds();

    private ScheduleRules() {}

    /** Returns the schedule with single spaces. */
    public static String schedule(String text) {
        String schedule = text.strip();
        if (schedule.length() > LONGEST_SCHEDULE || !FIELDS.matcher(schedule).matches()) {
            throw new InvalidValueException(
                    "must have five fields: minute, hour, day of month, month and day of week, such as 30 4 * * 1-5");
        }
        Cron cron;
        try {
            cron = PARSER.parse(schedule.replaceAll("[ \\t]+", " "));
        } catch (IllegalArgumentException e) {
            throw new InvalidValueException("is not a schedule as in crontab: a field has a value it cannot have");
        }
        if (ExecutionTime.forCron(cron)
                .nextExecution(Instant.EPOCH.atZone(ZoneOffset.UTC))
                .isEmpty()) {
            throw new InvalidValueException("never comes");
        }
        return cron.asString();
    }

    public static String timeZone(String text) {
        String zone = text.strip();
        if (!ZONES.contains(zone)) {
            throw new InvalidValueException("must be a time zone such as Europe/Berlin or UTC");
        }
        return zone;
    }
}
