package io.containr.database.managed;

import io.containr.contracts.Sealed;
import io.containr.contracts.ids.DatabaseId;
import io.containr.database.engine.Target;
import io.containr.database.managed.Database.Access;
import io.containr.database.managed.Database.Place;
import io.containr.database.tls.CertificateAuthority;
import io.containr.runtime.secrets.SecretBox;
import java.security.SecureRandom;
import java.util.Locale;
import org.springframework.stereotype.Component;

/** Makes, seals and opens what one gets into a database with. */
@Component
class Credentials {

    static final String USER = "containr";

    /** Nothing that a URL, a shell or a statement of SQL would have to escape. */
    private static final String ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";

    private static final int LENGTH = 32;
    private static final int LONGEST_NAME = 40;

    private final SecretBox secrets;
    private final CertificateAuthority authority;
    private final SecureRandom random = new SecureRandom();

    Credentials(SecretBox secrets, CertificateAuthority authority) {
        this.secrets = secrets;
        this.authority = authority;
    }

    Access create(DatabaseId database, String name) {
        return new Access(USER, databaseName(name), fresh(database), null, fresh(database));
    }

    /** A password that nobody has seen. */
    Sealed fresh(DatabaseId database) {
        StringBuilder password = new StringBuilder(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            password.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return secrets.seal(password.toString(), purpose(database));
    }

    String open(DatabaseId database, Sealed password) {
        return secrets.open(password, purpose(database));
    }

    /** The same password, as another database's. */
    Sealed reseal(DatabaseId from, Sealed password, DatabaseId to) {
        return secrets.seal(open(from, password), purpose(to));
    }

    Target target(Database database, Place place) {
        return new Target(
                place.address(),
                place.port(),
                database.access().user(),
                open(database.id(), database.access().password()),
                database.access().database(),
                database.encrypted() ? authority.certificate() : null);
    }

    /** What every engine takes as a name: lower-case letters, digits and underscores, and no digit first. */
    static String databaseName(String name) {
        String plain =
                name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_").replaceAll("^_+|_+$", "");
        String begun = plain.isEmpty() || Character.isDigit(plain.charAt(0)) ? "db_" + plain : plain;
        return begun.substring(0, Math.min(begun.length(), LONGEST_NAME)).replaceAll("_+$", "");
    }

    private static String purpose(DatabaseId database) {
        return "database/" + database + "/password";
    }
}
