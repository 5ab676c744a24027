package io.containr.runtime.web;

import java.util.Map;
import java.util.TreeMap;
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
}
