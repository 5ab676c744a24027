package io.containr.agent.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.agent.AgentDatabase;
import io.containr.agent.AgentProperties;
import io.containr.contracts.ids.InstanceId;
import io.containr.runtime.Ids;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class AddressPoolIT {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration REST = Duration.ofSeconds(60);

    private DriverManagerDataSource database;
    private JdbcClient jdbc;

    @BeforeEach
    void migrate() {
        database = AgentDatabase.fresh();
        jdbc = JdbcClient.create(database);
    }

    private AddressPool pool(String first, String last, Instant now) {
        AgentProperties properties = new Binder(new MapConfigurationPropertySource(Map.of(
                        "containr.agent.proxmox.url", "https://pve1:8006",
                        "containr.agent.proxmox.token-file", "token",
                        "containr.agent.intake.certificate-file", "intake.pem",
                        "containr.agent.network.cidr", "10.9.0.0/16",
                        "containr.agent.network.gateway", "10.9.0.10",
                        "containr.agent.network.first-address", first,
                        "containr.agent.network.last-address", last)))
                .bind("containr.agent", AgentProperties.class)
                .get();
        return new AddressPool(
                jdbc,
                new TransactionTemplate(new JdbcTransactionManager(database)),
                Clock.fixed(now, ZoneOffset.UTC),
                properties);
    }

    private InstanceId instance() {
        UUID id = Ids.next();
        jdbc.sql("""
                insert into instance (id, service_id, project_id, deployment_id, generation, desired, phase, phase_since, correlation_id)
                values (:id, :id, :id, :id, 1, 'RUNNING', 'PLACED', now(), :id)""").param("id", id).update();
        return new InstanceId(id);
    }

    @Test
    void newAddressesAreTakenInTheOrderOfTheirNumbersAndNeverTheGateway() {
        AddressPool pool = pool("10.9.0.8", "10.9.0.12", START);
        for (String expected : new String[] {"10.9.0.8", "10.9.0.9", "10.9.0.11", "10.9.0.12"}) {
            assertThat(pool.reserve(instance())).contains(expected);
        }
        assertThat(pool.reserve(instance())).isEmpty();
    }

    @Test
    void aFreedAddressIsNotTakenBeforeTheRangeIsUsedUpAndItHasRested() {
        AddressPool pool = pool("10.9.0.8", "10.9.0.9", START);
        InstanceId first = instance();
        assertThat(pool.reserve(first)).contains("10.9.0.8");
        pool.release(first);
        InstanceId second = instance();
        assertThat(pool.reserve(second)).contains("10.9.0.9");
        assertThat(pool.reserve(second)).contains("10.9.0.9");
        assertThat(pool.reserve(instance())).isEmpty();
        assertThat(pool("10.9.0.8", "10.9.0.9", START.plus(REST)).reserve(instance()))
                .contains("10.9.0.8");
    }

    @Test
    void addressesThatBecomePartOfTheRangeBelowThoseInUseAreTakenToo() {
        assertThat(pool("10.9.1.0", "10.9.1.0", START).reserve(instance())).contains("10.9.1.0");
        AddressPool wider = pool("10.9.0.254", "10.9.1.1", START);
        assertThat(wider.reserve(instance())).contains("10.9.1.1");
        assertThat(wider.reserve(instance())).contains("10.9.0.254");
        assertThat(wider.reserve(instance())).contains("10.9.0.255");
        assertThat(wider.reserve(instance())).isEmpty();
    }
}
