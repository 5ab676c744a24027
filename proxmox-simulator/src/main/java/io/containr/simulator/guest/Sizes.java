package io.containr.simulator.guest;

import java.math.BigDecimal;

/** Sizes as configurations write them: {@code 1G}, {@code 256M}. */
final class Sizes {

    private static final String UNITS = "KMGT";

    private Sizes() {}

    /** Bytes of {@code 1.5G}; a number alone means bytes. */
    static long parse(String text) {
        int unit = UNITS.indexOf(text.charAt(text.length() - 1));
        String number = unit < 0 ? text : text.substring(0, text.length() - 1);
        return new BigDecimal(number)
                .multiply(BigDecimal.valueOf(1L << (10 * (unit + 1))))
                .longValue();
    }

    /** Bytes of a size in GiB, fractions allowed. */
    static long gibibytes(String text) {
        return parse(text + "G");
    }

    /** In the largest unit that leaves no fraction. */
    static String print(long bytes) {
        for (int unit = UNITS.length(); unit > 0; unit--) {
            long size = 1L << (10 * unit);
            if (bytes >= size && bytes % size == 0) {
                return bytes / size + UNITS.substring(unit - 1, unit);
            }
        }
        return Long.toString(bytes);
    }
}
