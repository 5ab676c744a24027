package io.containr.database.managed;

import io.containr.database.managed.Database.Place;
import io.containr.database.tls.CertificateAuthority;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** What a database's owner is shown of how to get in. */
@Component
public class ShownAccess {

    private final Credentials credentials;
    private final CertificateAuthority certificates;

    ShownAccess(Credentials credentials, CertificateAuthority certificates) {
        this.credentials = credentials;
        this.certificates = certificates;
    }

    /** By which its engine is known, as PEM; empty where it is spoken to in clear. */
    public Optional<String> authority(Database database) {
        return database.encrypted() ? Optional.of(certificates.certificate()) : Optional.empty();
    }

    /** With the guest's address, so that who is on its network can use it; empty while there is none. */
    public Optional<String> connectionUrl(Database database) {
        Place place = database.place();
        return place == null
                ? Optional.empty()
                : Optional.of(ConnectionUrl.of(database.type(), credentials.target(database, place)));
    }
}
