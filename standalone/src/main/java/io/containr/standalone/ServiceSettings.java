package io.containr.standalone;

import io.containr.local.KeycloakSecrets;
import io.containr.local.LocalPostgres;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What each service is told here that differs from its own file, and that the operator's file says nothing about. */
final class ServiceSettings {

    private final Home home;
    private final Layout layout;
    private final LocalPostgres postgres;
    private final URI dockerHost;
    private final AgentFile agentFile;
    private final @Nullable Simulation simulation;
    private final PlatformOptions options;
    private final KeycloakSecrets identitySecrets;

    /** @param simulation null: the agent speaks with the cluster that its own file names */
    ServiceSettings(
            Home home,
            Layout layout,
            LocalPostgres postgres,
            URI dockerHost,
            AgentFile agentFile,
            @Nullable Simulation simulation,
            PlatformOptions options,
            KeycloakSecrets identitySecrets) {
        this.home = home;
        this.layout = layout;
        this.postgres = postgres;
        this.dockerHost = dockerHost;
        this.agentFile = agentFile;
        this.simulation = simulation;
        this.options = options;
        this.identitySecrets = identitySecrets;
    }

    Map<String, String> of(Service service) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("spring.config.additional-location", "optional:file:" + home.settings() + "/");
        settings.put("server.address", "127.0.0.1");
        settings.put("server.port", Integer.toString(layout.port(service.name())));
        settings.put("spring.datasource.url", postgres.jdbcUrl(service.database()));
        settings.put("spring.datasource.username", LocalPostgres.USER);
        settings.put("spring.datasource.password", postgres.password());
        settings.put("spring.kafka.bootstrap-servers", "127.0.0.1:" + layout.port("kafka"));
        settings.put(
                "spring.security.oauth2.resourceserver.jwt.jwk-set-uri", issuer() + "/protocol/openid-connect/certs");
        settings.put("spring.security.oauth2.resourceserver.jwt.issuer-uri", issuer());
        // The service account's own tokens name another audience: they must not pass for a user's.
        settings.put("spring.security.oauth2.resourceserver.jwt.audiences", "containr-api");
        settings.put("containr.secrets.key-file", home.keyFile().toString());
        settings.put("containr.services.project.uri", layout.uri("project-service"));
        switch (service.name()) {
            case "auth-service" -> auth(settings);
            case "project-service" -> project(settings);
            case "build-service" -> build(settings);
            case "deploy-service" -> deploy(settings);
            case "database-service" -> database(settings);
            case "proxmox-agent" -> agent(settings);
            default -> {}
        }
        settings.keySet().removeIf(SettingsFile.of(home, service.name())::has);
        return settings;
    }

    private String issuer() {
        return layout.uri("keycloak") + "/realms/containr";
    }

    private void auth(Map<String, String> settings) {
        settings.put("containr.auth.keycloak.url", layout.uri("keycloak"));
        settings.put("containr.auth.keycloak.api-client-secret", identitySecrets.apiClient());
        settings.put("containr.auth.keycloak.service-client-secret", identitySecrets.authServiceClient());
        settings.put("containr.auth.gateway-on-loopback", Boolean.toString(isLoopback(options.bindAddress())));
    }

    private static boolean isLoopback(String address) {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new CommandFailedException("not an address: " + address);
        }
    }

    private void project(Map<String, String> settings) {
        settings.put("containr.project.api-url", "http://localhost:" + layout.port("gateway") + "/api/v1");
        settings.put("containr.project.database-service", layout.uri("database-service"));
        settings.put("containr.project.git.allowed-private-hosts", String.join(",", options.privateGitHosts()));
        regions("containr.project.regions", settings);
    }

    private void build(Map<String, String> settings) {
        settings.put("containr.build.registry", "127.0.0.1:" + layout.port("registry"));
        settings.put("containr.build.work-directory", home.directory("builds").toString());
        settings.put("containr.build.docker-host", dockerHost.toString());
        settings.put("containr.build.git.allowed-private-hosts", String.join(",", options.privateGitHosts()));
        List<String> registries = new ArrayList<>(options.privateRegistries());
        registries.add("127.0.0.1:" + layout.port("registry"));
        settings.put("containr.build.images.allowed-private-hosts", String.join(",", registries));
        settings.put("containr.build.images.insecure-registries", String.join(",", registries));
    }

    private void deploy(Map<String, String> settings) {
        settings.put("containr.deploy.apps-port", Integer.toString(layout.port("gateway")));
    }

    private void database(Map<String, String> settings) {
        regions("containr.database.regions", settings);
        if (simulation != null) {
            settings.put("containr.database.backups.archives", simulation.archives());
        }
        if (options.localPostgresql()) {
            settings.put(
                    "containr.database.engines.postgresql.further-versions[0].version",
                    LocalEngine.POSTGRESQL.version());
            settings.put(
                    "containr.database.engines.postgresql.further-versions[0].image",
                    LocalEngine.POSTGRESQL.reference(layout));
        }
    }

    /** The agent's are everybody's: who chooses one elsewhere finds nodes there. */
    private void regions(String setting, Map<String, String> settings) {
        if (!agentFile.regions().isEmpty()) {
            settings.put(setting, String.join(",", agentFile.regions()));
        }
    }

    private void agent(Map<String, String> settings) {
        settings.put("containr.agent.intake.port", Integer.toString(layout.port("guest-intake")));
        settings.put(
                "containr.agent.operator-token-file",
                home.directory("secrets").resolve("operator.token").toString());
        settings.put(
                "containr.agent.intake.certificate-file",
                home.directory("secrets").resolve("intake.pem").toString());
        if (simulation != null) {
            simulated(simulation, settings);
        } else {
            // The registry of this machine is not one that nodes reach.
            settings.put("containr.agent.guests.upload-images", "true");
            settings.put("containr.agent.guests.insecure-registries", "127.0.0.1:" + layout.port("registry"));
        }
    }

    private void simulated(Simulation cluster, Map<String, String> settings) {
        settings.put("containr.agent.proxmox.url", cluster.url().toString());
        settings.put("containr.agent.proxmox.token-file", cluster.tokenFile().toString());
        settings.put("containr.agent.proxmox.fingerprint", cluster.fingerprint());
        settings.put("containr.agent.guests.pool", Simulation.POOL);
        settings.put("containr.agent.network.cidr", layout.guestCidr());
        settings.put("containr.agent.network.gateway", layout.guestGateway());
        // Where it listens there at all: an application may call another by its public name.
        settings.put("containr.agent.network.reachable", layout.guestGateway() + ":" + layout.port("gateway"));
        settings.put("containr.agent.intake.bind", layout.guestGateway());
    }
}
