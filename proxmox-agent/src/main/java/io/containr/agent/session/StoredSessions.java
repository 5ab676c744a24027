package io.containr.agent.session;

import io.containr.agent.guest.Admission;
import io.containr.agent.guest.GuestLine;
import io.containr.agent.guest.GuestSessions;
import io.containr.agent.guest.GuestState;
import io.containr.agent.session.GuestSessionTable.Session;
import io.containr.agent.session.KnownGuests.KnownGuest;
import io.containr.contracts.agent.AgentEvent;
import io.containr.contracts.agent.AgentEvent.InstanceExited;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.log.LogLines;
import io.containr.runtime.messaging.DirectPublisher;
import io.containr.runtime.messaging.Origins;
import io.containr.runtime.messaging.Outbox;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** {@link GuestSessions} in the database; lines go to the broker, and are acknowledged once it has them. */
@Component
class StoredSessions implements GuestSessions {

    private static final Logger log = LoggerFactory.getLogger(StoredSessions.class);
    private static final long BROKER_SECONDS = 20;

    private final KnownGuests guests;
    private final GuestSessionTable sessions;
    private final GuestSpecs specs;
    private final HostTablePusher hosts;
    private final RecentLines recent;
    private final DirectPublisher publisher;
    private final Outbox outbox;
    private final TransactionTemplate transaction;
    private final Tokens tokens = new Tokens();

    StoredSessions(
            KnownGuests guests,
            GuestSessionTable sessions,
            GuestSpecs specs,
            HostTablePusher hosts,
            RecentLines recent,
            DirectPublisher publisher,
            Outbox outbox,
            TransactionTemplate transaction) {
        this.guests = guests;
        this.sessions = sessions;
        this.specs = specs;
        this.hosts = hosts;
        this.recent = recent;
        this.publisher = publisher;
        this.outbox = outbox;
        this.transaction = transaction;
    }

    @Override
    public Admission firstContact(InstanceId instance, String token, InetAddress source) {
        Optional<KnownGuest> guest = guests.find(instance);
        if (guest.isEmpty()) {
            return new Admission.Refused("unknown instance", false);
        }
        if (!source.getHostAddress().equals(guest.get().address())) {
            log.warn("Refused a first contact of instance {} from the strange address {}", instance, source);
            return new Admission.Refused("not from this address", true);
        }
        return inTransaction(() -> {
            Optional<Session> session = sessions.lock(instance);
            if (session.isEmpty() || !Tokens.matches(token, session.get().firstToken())) {
                return new Admission.Refused("token unknown or already used", false);
            }
            String issued = tokens.next();
            sessions.issue(instance, Tokens.hash(issued));
            return new Admission.Welcome(
                    issued, specs.of(guest.get().spec()), session.get().acked());
        });
    }

    @Override
    public Admission resume(InstanceId instance, String sessionToken, InetAddress source) {
        Optional<KnownGuest> guest = guests.find(instance);
        if (guest.isEmpty()) {
            return new Admission.Refused("unknown instance", false);
        }
        return inTransaction(() -> {
            Optional<Session> session = sessions.lock(instance);
            if (session.isEmpty() || !Tokens.matches(sessionToken, session.get().sessionToken())) {
                return new Admission.Refused("session unknown", false);
            }
            sessions.confirm(instance);
            return new Admission.Welcome(null, null, session.get().acked());
        });
    }

    @Override
    public void confirm(InstanceId instance) {
        sessions.confirm(instance);
    }

    @Override
    public void lines(InstanceId instance, List<GuestLine> lines) {
        long acked = sessions.acked(instance);
        List<GuestLine> fresh =
                lines.stream().filter(line -> line.seq() > acked).toList();
        Optional<KnownGuest> guest = guests.find(instance);
        if (fresh.isEmpty() || guest.isEmpty()) {
            return;
        }
        publish(guest.get().identity(), fresh);
        recent.add(instance, fresh.stream().map(GuestLine::text).toList());
        sessions.acked(instance, fresh.getLast().seq());
    }

    private void publish(AgentEvent.Instance identity, List<GuestLine> lines) {
        LogLines message = new LogLines(
                identity.service(),
                identity.project(),
                identity.deployment(),
                null,
                identity.id(),
                lines.stream()
                        .map(line -> new LogLines.Line(
                                line.seq(), line.time(), line.stream().wireName(), line.text()))
                        .toList());
        publisher
                .publish(message, identity.service())
                .orTimeout(BROKER_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    @Override
    public void state(InstanceId instance, GuestState state) {
        Optional<KnownGuest> known = guests.find(instance);
        if (known.isEmpty()) {
            return;
        }
        KnownGuest guest = known.get();
        Origins.run(
                guest.origin(),
                () -> transaction.executeWithoutResult(status -> {
                    Optional<Session> session = sessions.lock(instance);
                    if (session.isEmpty() || state.at().equals(session.get().at())) {
                        return;
                    }
                    sessions.application(instance, GuestStates.application(state), state.at());
                    if (state instanceof GuestState.Exited exited && !guest.leaving()) {
                        outbox.append(exit(guest, exited), guest.identity().service());
                    }
                    if (guest.spec().runsOnce()) {
                        guests.heardOf(instance);
                    }
                }));
    }

    private static InstanceExited exit(KnownGuest guest, GuestState.Exited exited) {
        return new InstanceExited(
                guest.identity(),
                exited.signal() == null ? exited.exitCode() : null,
                exited.signal(),
                exited.restarts());
    }

    @Override
    public void connected(InstanceId instance) {
        log.debug("The guest of instance {} is connected", instance);
        guests.find(instance)
                .ifPresent(guest -> hosts.connected(instance, guest.identity().project()));
    }

    @Override
    public void disconnected(InstanceId instance) {
        log.debug("The guest of instance {} is not connected any more", instance);
        hosts.disconnected(instance);
    }

    private Admission inTransaction(Supplier<Admission> action) {
        return Objects.requireNonNull(transaction.execute(status -> action.get()));
    }
}
