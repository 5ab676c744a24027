package io.containr.deploy.route;

import io.containr.contracts.route.RouteEvent.GatewayAlive;
import io.containr.contracts.route.RouteEvent.GatewayStopped;
import io.containr.contracts.route.RouteEvent.RouteServed;
import io.containr.deploy.DeployProperties;
import io.containr.runtime.messaging.MessageMeta;
import io.containr.runtime.messaging.MessageSubscription;
import io.containr.runtime.work.WorkQueue;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Writes down what gateways say, and has those services looked at that wait for it. */
@Component
public class GatewayReports implements MessageSubscription.Part {

    private final JdbcClient jdbc;
    private final HostNames hosts;
    private final WorkQueue reconcile;
    private final DeployProperties settings;

    GatewayReports(JdbcClient jdbc, HostNames hosts, WorkQueue reconcile, DeployProperties settings) {
        this.jdbc = jdbc;
        this.hosts = hosts;
        this.reconcile = reconcile;
        this.settings = settings;
    }

    @Override
    public void register(MessageSubscription.Builder subscription) {
        subscription
                .on(RouteServed.class, this::served)
                .on(GatewayAlive.class, this::alive)
                .on(GatewayStopped.class, this::stopped);
    }

    private void served(RouteServed event, MessageMeta meta) {
        jdbc.sql("""
                insert into route_served (host, gateway, generation) values (:host, :gateway, :generation)
                on conflict (host, gateway) do update
                set generation = greatest(route_served.generation, excluded.generation)""")
                .param("host", event.host())
                .param("gateway", event.gateway())
                .param("generation", event.generation())
                .update();
        lives(event.gateway(), event.at());
        hosts.serviceOf(event.host()).ifPresent(reconcile::wake);
    }

    private void alive(GatewayAlive event, MessageMeta meta) {
        if (lives(event.gateway(), event.at())) {
            wakeWaiting();
        }
    }

    private void stopped(GatewayStopped event, MessageMeta meta) {
        jdbc.sql("update gateway set stopped = true where id = :id and alive_at <= :at")
                .param("id", event.gateway())
                .param("at", Timestamp.from(event.at()))
                .update();
        wakeWaiting();
    }

    /** True where it did not count as living before. */
    private boolean lives(String gateway, Instant at) {
        Instant silentSince = at.minus(settings.patience().gatewayAlive());
        boolean known = jdbc.sql("select count(*) from gateway where id = :id and not stopped and alive_at > :silent")
                        .param("id", gateway)
                        .param("silent", Timestamp.from(silentSince))
                        .query(Long.class)
                        .single()
                > 0;
        jdbc.sql("""
                insert into gateway (id, alive_at) values (:id, :at)
                on conflict (id) do update set alive_at = excluded.alive_at, stopped = false
                where gateway.alive_at < excluded.alive_at""").param("id", gateway).param("at", Timestamp.from(at)).update();
        return !known;
    }

    private void wakeWaiting() {
        jdbc.sql("select service_id from rollout where not settled")
                .query(UUID.class)
                .list()
                .forEach(reconcile::wake);
    }
}
