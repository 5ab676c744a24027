package io.containr.deploy.route;

import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.ServiceSpec;
import io.containr.deploy.DeployProperties;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Host names of services: each is given once, unique among all, and stays the same however the service is renamed. */
@Repository
public class HostNames {

    private static final int LONGEST_LABEL = 63;
    private static final int LONGEST_SUFFIX = 6;

    private final JdbcClient jdbc;
    private final DeployProperties settings;

    HostNames(JdbcClient jdbc, DeployProperties settings) {
        this.jdbc = jdbc;
        this.settings = settings;
    }

    /** The service's host name, given now if it has none. */
    @Transactional(propagation = Propagation.MANDATORY)
    public String assign(ServiceSpec spec) {
        Optional<String> given = find(spec.service());
        for (int attempt = 1; given.isEmpty(); attempt++) {
            String host = label(spec.name(), spec.projectName(), attempt) + "." + settings.appsDomain();
            jdbc.sql("insert into service_host (host, service_id) values (:host, :service) on conflict do nothing")
                    .param("host", host)
                    .param("service", spec.service().value())
                    .update();
            given = find(spec.service());
        }
        return given.get();
    }

    public Optional<String> find(ServiceId service) {
        return jdbc.sql("select host from service_host where service_id = :service")
                .param("service", service.value())
                .query(String.class)
                .optional();
    }

    public Optional<ServiceId> serviceOf(String host) {
        return jdbc.sql("select service_id from service_host where host = :host")
                .param("host", host)
                .query(java.util.UUID.class)
                .optional()
                .map(ServiceId::new);
    }

    /** Frees the name for others. */
    public void release(ServiceId service) {
        jdbc.sql("delete from service_host where service_id = :service")
                .param("service", service.value())
                .update();
    }

    /** Where users find it. */
    public String url(String host) {
        Integer port = settings.appsPort();
        return settings.appsScheme() + "://" + host + (port == null ? "" : ":" + port);
    }

    static String label(String service, String project, int attempt) {
        String suffix = attempt == 1 ? "" : "-" + attempt;
        int room = LONGEST_LABEL - LONGEST_SUFFIX - 1;
        String left = cut(slug(service), Math.max(room / 2, room - slug(project).length()));
        String right = cut(slug(project), room - left.length());
        return left + "-" + right + suffix;
    }

    /** Letters, digits and single hyphens; {@code app} for a name without any. */
    public static String slug(String name) {
        String slug = Normalizer.normalize(name, Normalizer.Form.NFKD)
                .replaceAll("\\p{M}", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-|-$", "");
        return slug.isEmpty() ? "app" : slug;
    }

    /** At most that long, and no hyphen at its end. */
    public static String cut(String slug, int length) {
        return slug.length() <= length ? slug : slug.substring(0, length).replaceAll("-$", "");
    }
}
