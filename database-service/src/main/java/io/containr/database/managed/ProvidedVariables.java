package io.containr.database.managed;

import io.containr.contracts.Sealed;
import io.containr.contracts.database.DatabaseEvent;
import io.containr.database.catalogue.Catalogue;
import io.containr.database.engine.Target;
import io.containr.database.managed.Database.Place;
import io.containr.runtime.secrets.SecretBox;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/** What the services of a database's project may refer to. Its host is the private name, which stays the same for good. */
@Component
class ProvidedVariables {

    private static final String DOMAIN = ".internal";

    private final Credentials credentials;
    private final Catalogue catalogue;
    private final SecretBox secrets;

    ProvidedVariables(Credentials credentials, Catalogue catalogue, SecretBox secrets) {
        this.credentials = credentials;
        this.catalogue = catalogue;
        this.secrets = secrets;
    }

    Map<String, Sealed> of(Database database) {
        Map<String, Sealed> sealed = new HashMap<>();
        plain(database)
                .forEach((name, value) ->
                        sealed.put(name, secrets.seal(value, DatabaseEvent.sealedFor(database.id(), name))));
        return sealed;
    }

    private Map<String, String> plain(Database database) {
        int port = catalogue.engine(database.type()).port();
        Target target = credentials
                .target(database, new Place(database.privateName() + DOMAIN, port))
                .with(credentials.open(database.id(), database.lastingPassword()));
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("DATABASE_URL", ConnectionUrl.of(database.type(), target));
        variables.put("DATABASE_HOST", target.host());
        variables.put("DATABASE_PORT", Integer.toString(port));
        variables.put("DATABASE_USER", ConnectionUrl.user(database.type(), target));
        variables.put("DATABASE_PASSWORD", target.password());
        variables.put("DATABASE_NAME", target.database());
        if (target.authority() != null) {
            variables.put("DATABASE_CA", target.authority());
        }
        variables.put("CONTAINR_PRIVATE_DOMAIN", target.host());
        return variables;
    }
}
