package io.containr.agent.instance;

import io.containr.agent.firewall.GuestFirewalls;
import io.containr.agent.session.NameChanges;
import io.containr.contracts.agent.AgentCommand.EnsureInstance;
import io.containr.contracts.agent.AgentCommand.RemoveInstance;
import io.containr.contracts.agent.AgentEvent.InstanceRemoved;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.runtime.messaging.MessageCodec;
import io.containr.runtime.messaging.Origin;
import io.containr.runtime.messaging.Origins;
import io.containr.runtime.messaging.Outbox;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Writes down what is asked for, unless it is out of date; runs in the transaction of the message. */
@Component
class Commands {

    private static final Logger log = LoggerFactory.getLogger(Commands.class);
    private static final UUID UNKNOWN = new UUID(0, 0);

    private final JdbcClient jdbc;
    private final Instances instances;
    private final InstanceRows rows;
    private final InstanceEvents events;
    private final NameChanges names;
    private final GuestFirewalls firewalls;
    private final Outbox outbox;
    private final Clock clock;

    Commands(
            JdbcClient jdbc,
            Instances instances,
            InstanceEvents events,
            NameChanges names,
            GuestFirewalls firewalls,
            Outbox outbox,
            MessageCodec codec,
            Clock clock) {
        this.jdbc = jdbc;
        this.instances = instances;
        this.rows = new InstanceRows(codec);
        this.events = events;
        this.names = names;
        this.firewalls = firewalls;
        this.outbox = outbox;
        this.clock = clock;
    }

    /**
     * A new instance, a newer generation of a known one, or the same again: then its state is told again, since who asks
     * twice may have missed the answer. What a guest is made of is settled by the first command; a newer one changes what it can be
     * given while it runs.
     */
    void ensure(EnsureInstance command) {
        InstanceSpec spec = command.spec();
        if (insert(spec) == 1) {
            return;
        }
        Optional<Instance> known = instances
                .lock(spec.instance())
                .filter(before -> before.identity().generation() <= spec.generation());
        if (known.isEmpty()) {
            log.info("Refused generation {} of instance {}: a newer one is known", spec.generation(), spec.instance());
            return;
        }
        if (known.get().identity().generation() < spec.generation()) {
            renew(known.get(), spec);
        }
        instances.find(spec.instance()).ifPresent(events::tellAgain);
    }

    private void renew(Instance before, InstanceSpec command) {
        if (before.spec() == null) {
            jdbc.sql("update instance set generation = :generation where id = :id")
                    .param("generation", command.generation())
                    .param("id", command.instance().value())
                    .update();
            return;
        }
        InstanceSpec now = before.spec();
        InstanceSpec after = now.resized(command);
        boolean resize = before.progress().resize() != null
                || !after.resources().equals(now.resources())
                || !Objects.equals(after.volume(), now.volume());
        instances.ask(before, after, resize, Origins.current());
        if (!after.admittedNetworks().equals(now.admittedNetworks())) {
            firewalls.changed(now.project());
        }
        if (!resize) {
            instances.find(before.id()).map(Instance::identity).ifPresent(events::resized);
        }
    }

    private int insert(InstanceSpec spec) {
        Origin origin = Origins.current();
        return jdbc.sql("""
                insert into instance (id, service_id, project_id, deployment_id, generation, spec, private_name, admitted, desired,
                                      phase, phase_since, correlation_id, causation_id, actor_id, actor_email)
                values (:id, :service, :project, :deployment, :generation, :spec, :name, :admitted, 'RUNNING', 'ACCEPTED', :now,
                        :correlation, :causation, :actor, :email)
                on conflict (id) do nothing""")
                .param("id", spec.instance().value())
                .param("service", spec.service().value())
                .param("project", spec.project().value())
                .param("deployment", spec.deployment().value())
                .param("generation", spec.generation())
                .param("spec", rows.write(spec))
                .param("name", spec.privateName())
                .param("admitted", spec.admittedNetworks().toArray(String[]::new))
                .param("now", Timestamp.from(clock.instant()))
                .param("correlation", origin.correlationId())
                .param("causation", origin.causationId())
                .param("actor", origin.actorId())
                .param("email", origin.actorEmail())
                .update();
    }

    /** Of an instance nobody knows only the memory is kept that it must not come any more. */
    void remove(RemoveInstance command) {
        Origin origin = Origins.current();
        Instant now = clock.instant();
        int known = jdbc.sql("""
                update instance set desired = 'REMOVED', generation = :generation, attempts = 0, attempted_at = null,
                    drain_until = least(coalesce(drain_until, :drain), :drain), stop_grace_ms = :grace,
                    correlation_id = :correlation, causation_id = :causation, actor_id = :actor, actor_email = :email
                where id = :id and generation <= :generation and phase <> 'REMOVED'""")
                .param("generation", command.generation())
                .param("drain", Timestamp.from(now.plus(command.drain())))
                .param("grace", command.grace().toMillis())
                .param("correlation", origin.correlationId())
                .param("causation", origin.causationId())
                .param("actor", origin.actorId())
                .param("email", origin.actorEmail())
                .param("id", command.instance().value())
                .update();
        if (known == 0) {
            removeUnknown(command, now);
        } else {
            names.changed();
        }
    }

    private void removeUnknown(RemoveInstance command, Instant now) {
        Origin origin = Origins.current();
        jdbc.sql("""
                insert into instance (id, service_id, project_id, deployment_id, generation, desired, phase, phase_since,
                                      correlation_id)
                values (:id, :service, :unknown, :unknown, :generation, 'REMOVED', 'REMOVED', :now, :correlation)
                on conflict (id) do nothing""")
                .param("id", command.instance().value())
                .param("service", command.service().value())
                .param("unknown", UNKNOWN)
                .param("generation", command.generation())
                .param("now", Timestamp.from(now))
                .param("correlation", origin.correlationId())
                .update();
        instances.find(command.instance()).ifPresent(instance -> {
            if (instance.phase() == Phase.REMOVED) {
                outbox.append(new InstanceRemoved(instance.identity()), command.service());
            } else {
                log.info(
                        "Refused to remove generation {} of instance {}: a newer one is known",
                        command.generation(),
                        command.instance());
            }
        });
    }
}
