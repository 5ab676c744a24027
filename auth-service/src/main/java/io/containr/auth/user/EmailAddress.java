package io.containr.auth.user;

import java.util.Locale;

/** How an e-mail address is written here, so that one person has one. */
public final class EmailAddress {

    private EmailAddress() {}

    public static String normal(String address) {
        return address.strip().toLowerCase(Locale.ROOT);
    }
}
