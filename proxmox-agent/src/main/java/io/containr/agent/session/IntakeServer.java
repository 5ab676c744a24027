package io.containr.agent.session;

import io.containr.agent.AgentProperties;
import io.containr.agent.guest.GuestCommands;
import io.containr.agent.guest.GuestIntake;
import io.containr.agent.guest.GuestSessions;
import io.containr.agent.guest.IntakeCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.time.Clock;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Opens the intake before anything is started that could call, and closes it after everything else has stopped. */
@Component
class IntakeServer implements IntakeAddress, SmartLifecycle {

    private final GuestIntake intake;
    private final String pin;
    private final String advertised;
    private volatile boolean running;

    IntakeServer(AgentProperties properties, GuestSessions sessions, Clock clock)
            throws IOException, GeneralSecurityException {
        AgentProperties.Intake settings = properties.intake();
        IntakeCertificate certificate = IntakeCertificate.loadOrCreate(settings.certificateFile(), clock);
        String host = settings.advertised();
        this.advertised = host == null ? properties.network().gateway() : host;
        this.pin = certificate.pin();
        this.intake = new GuestIntake(
                InetAddress.getByName(settings.bind()),
                settings.port(),
                certificate,
                sessions,
                GuestIntake.Limits.of(settings.connections()));
    }

    @Override
    public String hostAndPort() {
        return advertised + ":" + intake.port();
    }

    @Override
    public String pin() {
        return pin;
    }

    /** Reaches the guests that are connected. */
    GuestCommands commands() {
        return intake.commands();
    }

    @Override
    public void start() {
        try {
            intake.start();
            running = true;
        } catch (IOException e) {
            throw new UncheckedIOException("guests cannot be let in", e);
        }
    }

    @Override
    public void stop() {
        running = false;
        try {
            intake.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the intake does not close", e);
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Integer.MIN_VALUE + 2000;
    }
}
