package io.containr.contracts.project;

/**
 * When a service of kind {@link ServiceKind#CRON} runs.
 *
 * @param cron five fields: minute, hour, day of month, month, day of week, as in crontab(5)
 * @param timeZone an IANA name, such as {@code Europe/Berlin}; the fields mean that zone's local time
 */
public record Schedule(String cron, String timeZone) {}
