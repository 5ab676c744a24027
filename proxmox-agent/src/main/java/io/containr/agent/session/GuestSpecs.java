package io.containr.agent.session;

import io.containr.agent.AgentProperties;
import io.containr.agent.guest.GuestSpec;
import io.containr.agent.guest.GuestVariable;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.build.PreparedImage;
import io.containr.contracts.project.ServiceSpec;
import io.containr.runtime.secrets.SecretBox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Makes the specification a guest is given of what was asked for; only here the user's variables are opened. */
@Component
class GuestSpecs {

    private static final GuestSpec.Restart RESTART =
            new GuestSpec.Restart(GuestSpec.RestartPolicy.ALWAYS, Duration.ofMillis(500), Duration.ofSeconds(30));

    private static final GuestSpec.Restart NO_RESTART =
            new GuestSpec.Restart(GuestSpec.RestartPolicy.NEVER, Duration.ofMillis(500), Duration.ofSeconds(30));

    private final SecretBox secrets;
    private final HostTables hosts;
    private final AgentProperties.Guests settings;

    GuestSpecs(SecretBox secrets, HostTables hosts, AgentProperties properties) {
        this.secrets = secrets;
        this.hosts = hosts;
        this.settings = properties.guests();
    }

    GuestSpec of(InstanceSpec spec) {
        PreparedImage.Config image = spec.image().config();
        return new GuestSpec(
                CommandLine.of(spec),
                variables(spec),
                image.user(),
                image.workingDirectory(),
                image.stopSignal(),
                spec.stopGrace(),
                spec.runsOnce() ? NO_RESTART : RESTART,
                spec.name(),
                hosts.of(spec.project()),
                settings.nameservers(),
                List.of(),
                settings.logBuffer().toBytes());
    }

    /** The image's own come first, then the user's, then what the platform says. */
    private List<GuestVariable> variables(InstanceSpec spec) {
        Map<String, String> all = new LinkedHashMap<>(spec.image().config().environment());
        spec.variables()
                .forEach((name, value) ->
                        all.put(name, secrets.open(value, ServiceSpec.sealedFor(spec.service(), name))));
        all.putAll(spec.environment());
        List<GuestVariable> variables = new ArrayList<>(all.size());
        all.forEach((name, value) -> variables.add(GuestVariable.of(name, value)));
        return variables;
    }
}
