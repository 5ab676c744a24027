package io.containr.database.tls;

import io.containr.contracts.Sealed;
import io.containr.runtime.rows.Rows;
import io.containr.runtime.secrets.SecretBox;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The one certificate authority of the installation, made when it is first needed; its key is sealed. Clients that have its certificate
 * know every database by its private name.
 */
@Component
public class CertificateAuthority {

    private static final String NAME = "Containr databases";
    private static final Duration VALID = Duration.ofDays(36_525);

    /** An instance has a certificate of its own, and every restart is another instance. */
    private static final Duration SERVER_VALID = Duration.ofDays(3_650);

    private static final String PURPOSE = "certificate-authority/key";

    private final JdbcClient jdbc;
    private final TransactionTemplate apart;
    private final SecretBox secrets;
    private final Clock clock;
    private volatile @Nullable KeyAndCertificate known;

    CertificateAuthority(JdbcClient jdbc, SecretBox secrets, PlatformTransactionManager transactions, Clock clock) {
        this.jdbc = jdbc;
        this.apart = new TransactionTemplate(transactions);
        apart.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        this.secrets = secrets;
        this.clock = clock;
    }

    /** Its certificate, as PEM. */
    public String certificate() {
        return own().certificate();
    }

    /** A fresh key and certificate for a server that is reached by these names. */
    public KeyAndCertificate issue(List<String> names) {
        return Certificates.server(own(), names, clock.instant(), SERVER_VALID);
    }

    private KeyAndCertificate own() {
        KeyAndCertificate own = known;
        if (own == null) {
            // What is remembered has to outlive a transaction that is rolled back.
            own = Objects.requireNonNull(apart.execute(status -> find().orElseGet(this::make)));
            known = own;
        }
        return own;
    }

    private Optional<KeyAndCertificate> find() {
        return jdbc.sql("select private_key, certificate from certificate_authority")
                .query((row, index) -> new KeyAndCertificate(
                        secrets.open(new Sealed(row.getString("private_key")), PURPOSE), row.getString("certificate")))
                .optional();
    }

    /** Where two make it at once, the first one counts. */
    private KeyAndCertificate make() {
        KeyAndCertificate made = Certificates.authority(NAME, clock.instant(), VALID);
        jdbc.sql("""
                insert into certificate_authority (id, private_key, certificate, created_at)
                values (1, :key, :certificate, :now) on conflict (id) do nothing""")
                .param("key", secrets.seal(made.key(), PURPOSE).ciphertext())
                .param("certificate", made.certificate())
                .param("now", Objects.requireNonNull(Rows.timestamp(clock.instant())))
                .update();
        return find().orElseThrow();
    }
}
