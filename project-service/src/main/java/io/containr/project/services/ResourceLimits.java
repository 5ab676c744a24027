package io.containr.project.services;

import io.containr.contracts.project.Resources;
import io.containr.project.input.InvalidValueException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What one instance may use, in the user's own words, how many there are and where.
 *
 * @param cpu CPUs such as {@code 0.5}, or thousandths such as {@code 500m}
 * @param memory MiB such as {@code 512}, or with a unit such as {@code 512Mi}, {@code 512MB} or {@code 1Gi}
 * @param storage of the root disk, of a database service of its volume; as memory
 * @param replicas how many instances serve at once
 * @param region where they are placed, null: anywhere
 */
record ResourceLimits(
        String cpu,
        String memory,
        String storage,
        @Nullable Integer replicas,
        @Nullable String region) {

    private static final int LEAST_CPU = 50;
    private static final int MOST_CPU = 32_000;
    private static final int LEAST_MEMORY = 16;
    private static final int MOST_MEMORY = 64 * 1024;
    private static final int LEAST_STORAGE = 64;
    private static final int MOST_STORAGE = 1024 * 1024;
    private static final int MOST_REPLICAS = 10;
    private static final BigDecimal MEBI = BigDecimal.valueOf(1024 * 1024);
    private static final Pattern CPU = Pattern.compile("(\\d{1,6})m|(\\d{1,3}(?:\\.\\d{1,3})?)");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,3})?) ?(?:([kmgt])(i?)b?)?");

    /** Last of the constants: its own check needs those above. */
    static final ResourceLimits DEFAULT = new ResourceLimits("0.5", "512Mi", "2Gi", 1, null);

    /** Older rows say nothing of replicas. */
    ResourceLimits {
        cpu(cpu);
        memory(memory);
        storage(storage);
        replicas = replicas == null ? 1 : replicas(replicas);
    }

    int instances() {
        return replicas == null ? 1 : replicas;
    }

    Resources toResources() {
        return new Resources(cpuMillis(cpu), mebibytes(memory), mebibytes(storage));
    }

    boolean smallerStorageThan(ResourceLimits other) {
        return mebibytes(storage) < mebibytes(other.storage);
    }

    static String cpu(String text) {
        int millis = cpuMillis(text);
        if (millis < LEAST_CPU || millis > MOST_CPU) {
            throw new InvalidValueException("must be between 0.05 and 32 CPUs");
        }
        return text.strip();
    }

    static String memory(String text) {
        int size = mebibytes(text);
        if (size < LEAST_MEMORY || size > MOST_MEMORY) {
            throw new InvalidValueException("must be between 16Mi and 64Gi");
        }
        return text.strip();
    }

    static String storage(String text) {
        int size = mebibytes(text);
        if (size < LEAST_STORAGE || size > MOST_STORAGE) {
            throw new InvalidValueException("must be between 64Mi and 1Ti");
        }
        return text.strip();
    }

    static Integer replicas(long count) {
        if (count < 1 || count > MOST_REPLICAS) {
            throw new InvalidValueException("must be between 1 and " + MOST_REPLICAS);
        }
        return (int) count;
    }

    private static int cpuMillis(String text) {
        Matcher match = CPU.matcher(text.strip());
        if (!match.matches()) {
            throw new InvalidValueException("must be a number of CPUs such as 0.5, or thousandths such as 500m");
        }
        return match.group(1) != null
                ? Integer.parseInt(match.group(1))
                : new BigDecimal(match.group(2)).movePointRight(3).intValueExact();
    }

    /** Rounded up, and at most {@link Integer#MAX_VALUE}, which every bound refuses. */
    private static int mebibytes(String text) {
        Matcher match = SIZE.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!match.matches()) {
            throw new InvalidValueException("must be a size such as 512Mi, 512MB or 1Gi; a plain number means MiB");
        }
        BigDecimal number = new BigDecimal(match.group(1));
        BigDecimal bytes = number.multiply(unit(match.group(2), "i".equals(match.group(3))));
        return bytes.divide(MEBI, 0, RoundingMode.CEILING)
                .min(BigDecimal.valueOf(Integer.MAX_VALUE))
                .intValueExact();
    }

    private static BigDecimal unit(@Nullable String letter, boolean binary) {
        if (letter == null) {
            return MEBI;
        }
        int power = "kmgt".indexOf(letter) + 1;
        return BigDecimal.valueOf(binary ? 1024 : 1000).pow(power);
    }
}
