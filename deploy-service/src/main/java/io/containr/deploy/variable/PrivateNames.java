package io.containr.deploy.variable;

import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.ServiceSpec;
import io.containr.deploy.route.HostNames;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * The labels by which services of a project reach each other: each is given once, unique in its project, and stays the same
 * however the service is renamed, because releases carry it in their variables.
 */
@Repository
public class PrivateNames {

    private static final String DOMAIN = "internal";
    private static final int LONGEST_LABEL = 63;
    private static final int LONGEST_SUFFIX = 6;

    /** Names that every guest has for itself. */
    private static final Set<String> TAKEN = Set.of("localhost", "ip6-localhost", "ip6-loopback");

    private final JdbcClient jdbc;

    PrivateNames(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The service's label, given now if it has none. */
    @Transactional(propagation = Propagation.MANDATORY)
    public String assign(ServiceSpec spec) {
        Optional<String> given = find(spec.service());
        for (int attempt = 1; given.isEmpty(); attempt++) {
            String label = label(spec.name(), attempt);
            if (TAKEN.contains(label)) {
                continue;
            }
            jdbc.sql("""
                    insert into private_name (service_id, project_id, label) values (:service, :project, :label)
                    on conflict do nothing""")
                    .param("service", spec.service().value())
                    .param("project", spec.project().value())
                    .param("label", label)
                    .update();
            given = find(spec.service());
        }
        return given.get();
    }

    public Optional<String> find(ServiceId service) {
        return jdbc.sql("select label from private_name where service_id = :service")
                .param("service", service.value())
                .query(String.class)
                .optional();
    }

    /** Frees the label for others. */
    public void release(ServiceId service) {
        jdbc.sql("delete from private_name where service_id = :service")
                .param("service", service.value())
                .update();
    }

    /** The whole name, as other services write it. */
    public static String domain(String label) {
        return label + "." + DOMAIN;
    }

    static String label(String name, int attempt) {
        String suffix = attempt == 1 ? "" : "-" + attempt;
        return HostNames.cut(HostNames.slug(name), LONGEST_LABEL - LONGEST_SUFFIX) + suffix;
    }
}
