package io.containr.agent.session;

import io.containr.contracts.ids.InstanceId;
import java.util.Map;
import org.springframework.stereotype.Component;

/** What instances need of their guests' sessions. */
@Component
public class GuestAccess {

    private final GuestSessionTable sessions;
    private final IntakeAddress intake;
    private final Tokens tokens = new Tokens();

    GuestAccess(GuestSessionTable sessions, IntakeAddress intake) {
        this.sessions = sessions;
        this.intake = intake;
    }

    /**
     * The environment a new guest needs to find the agent and to be let in, once. An earlier one of the same instance is
     * void from now on.
     */
    public Map<String, String> admit(InstanceId instance) {
        String token = tokens.next();
        sessions.begin(instance, Tokens.hash(token));
        return Map.of(
                "CONTAINR_AGENT", intake.hostAndPort(),
                "CONTAINR_AGENT_PIN", intake.pin(),
                "CONTAINR_INSTANCE", instance.toString(),
                "CONTAINR_TOKEN", token);
    }

    /** What was heard last. */
    public Application application(InstanceId instance) {
        return sessions.application(instance);
    }

    /** The guest is about to start: its application is silent until it is heard of again. */
    public void restarting(InstanceId instance) {
        sessions.forgetApplication(instance);
    }

    /** Nobody is let in for this instance any more. */
    public void end(InstanceId instance) {
        sessions.end(instance);
    }
}
