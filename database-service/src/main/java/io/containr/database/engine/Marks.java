package io.containr.database.engine;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;

/** The rows by which a backup is recognised once it is restored. */
final class Marks {

    /** Of the table, or the key. */
    static final String NAME = "containr_canary";

    private static final int ROWS = 100;

    private Marks() {}

    static SortedMap<Integer, String> rows(String token) {
        SortedMap<Integer, String> rows = new TreeMap<>();
        for (int id = 1; id <= ROWS; id++) {
            rows.put(id, token + id);
        }
        return rows;
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
