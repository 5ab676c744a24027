package io.containr.agent.guest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages to a guest as they are on the wire. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ToGuest.Welcome.class, name = "welcome"),
    @JsonSubTypes.Type(value = ToGuest.Refused.class, name = "refused"),
    @JsonSubTypes.Type(value = ToGuest.Ack.class, name = "ack"),
    @JsonSubTypes.Type(value = ToGuest.Pong.class, name = "pong"),
    @JsonSubTypes.Type(value = ToGuest.Run.class, name = "run"),
    @JsonSubTypes.Type(value = ToGuest.Hosts.class, name = "hosts"),
    @JsonSubTypes.Type(value = ToGuest.Stop.class, name = "stop"),
})
sealed interface ToGuest {

    record Welcome(@Nullable String session, @Nullable Spec spec, long acked) implements ToGuest {

        static Welcome of(Admission.Welcome welcome) {
            var spec = welcome.spec();
            return new Welcome(welcome.session(), spec == null ? null : Spec.of(spec), welcome.acked());
        }
    }

    record Refused(String reason, boolean retry) implements ToGuest {}

    record Ack(long seq) implements ToGuest {}

    record Pong() implements ToGuest {}

    record Run(
            String id,
            List<String> argv,
            List<Variable> env,
            @Nullable String user,
            @Nullable String workdir,
            long timeoutMillis,
            byte[] stdin)
            implements ToGuest {

        static Run of(GuestRun run) {
            return new Run(
                    run.id(),
                    run.argv(),
                    Variable.of(run.env()),
                    run.user(),
                    run.workdir(),
                    run.timeout().toMillis(),
                    run.stdin());
        }
    }

    record Hosts(List<GuestSpec.Host> hosts) implements ToGuest {}

    record Stop(long graceMillis) implements ToGuest {}

    record Variable(String name, byte[] value) {

        static List<Variable> of(List<GuestVariable> variables) {
            return variables.stream()
                    .map(v -> new Variable(v.name(), v.value()))
                    .toList();
        }
    }

    record Restart(String policy, long minBackoffMillis, long maxBackoffMillis) {}

    record Spec(
            List<String> argv,
            List<Variable> env,
            String user,
            String workdir,
            String stopSignal,
            long graceMillis,
            Restart restart,
            String hostname,
            List<GuestSpec.Host> hosts,
            List<String> nameservers,
            List<String> searchDomains,
            long logBufferBytes) {

        static Spec of(GuestSpec spec) {
            var restart = spec.restart();
            return new Spec(
                    spec.argv(),
                    Variable.of(spec.env()),
                    spec.user(),
                    spec.workdir(),
                    spec.stopSignal(),
                    spec.grace().toMillis(),
                    new Restart(
                            restart.policy().wireName(),
                            restart.minBackoff().toMillis(),
                            restart.maxBackoff().toMillis()),
                    spec.hostname(),
                    spec.hosts(),
                    spec.nameservers(),
                    spec.searchDomains(),
                    spec.logBufferBytes());
        }
    }
}
