package io.containr.runtime.web;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a list is wanted.
 *
 * @param number from 1
 * @param limit from 1 to 100
 */
public record Page(int number, int limit) {

    /**
     * From query parameters.
     *
     * @throws ApiException VALIDATION naming each one out of range
     */
    public static Page of(@Nullable Integer page, @Nullable Integer limit, int defaultLimit) {
        Map<String, String> wrong = new TreeMap<>();
        if (page != null && page < 1) {
            wrong.put("page", "must be at least 1");
        }
        if (limit != null && (limit < 1 || limit > 100)) {
            wrong.put("limit", "must be between 1 and 100");
        }
        if (!wrong.isEmpty()) {
            throw ApiException.invalid(wrong);
        }
        return new Page(page == null ? 1 : page, limit == null ? defaultLimit : limit);
    }

    public long offset() {
        return (number - 1L) * limit;
    }

    /** How many pages a list of that length has. */
    public long pages(long total) {
        return (total + limit - 1) / limit;
    }

    /**
     * Reads the page's items. One more is asked for than the page takes: where there is none, the list ends here and need not be counted.
     *
     * @param count asked only where the list goes on, or ends before this page
     */
    public <T> Listed<T> read(Items<T> items, LongSupplier count) {
        List<T> read = items.read(limit + 1, offset());
        if (read.size() > limit) {
            return new Listed<>(List.copyOf(read.subList(0, limit)), count.getAsLong());
        }
        boolean beyond = read.isEmpty() && number > 1;
        return new Listed<>(read, beyond ? count.getAsLong() : offset() + read.size());
    }

    /** Reads a part of a list. */
    @FunctionalInterface
    public interface Items<T> {
        List<T> read(int limit, long offset);
    }

    /**
     * A page's items.
     *
     * @param total how many there are on all pages
     */
    public record Listed<T>(List<T> items, long total) {}
}
