package io.containr.database.engine;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The rows by which a backup is recognised once it is restored. */
final class Marks {

    /** Of the table, or the key. */
    static final String NAME = "containr_canary";

    private static final int ROWS = 100;
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9]+");

    private Marks() {}

    static SortedMap<Integer, String> rows(String token) {
        SortedMap<Integer, String> rows = new TreeMap<>();
        for (int id = 1; id <= ROWS; id++) {
            rows.put(id, token + id);
        }
        return rows;
    }

    /**
     * A statement of SQL that writes them all.
     *
     * @param token letters and digits alone
     */
    static String insert(String token) {
        if (!PLAIN.matcher(token).matches()) {
            throw new IllegalArgumentException("the token is generated");
        }
        return rows(token).entrySet().stream()
                .map(row -> "(" + row.getKey() + ", '" + row.getValue() + "')")
                .collect(Collectors.joining(", ", "insert into " + NAME + " (id, value) values ", ""));
    }

    /** Of their number and all of their values. */
    static String checksum(SortedMap<Integer, String> rows) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            rows.forEach((id, value) -> digest.update((id + "=" + value + "\n").getBytes(StandardCharsets.UTF_8)));
            return rows.size() + ":" + HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
