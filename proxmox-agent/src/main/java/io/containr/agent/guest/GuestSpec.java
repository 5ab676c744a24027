package io.containr.agent.guest;

import java.time.Duration;
import java.util.List;

/**
 * What a guest runs, and how; docs/guest-protocol.md says what each part means.
 *
 * @param user as in an image; empty is root
 * @param stopSignal name or number; empty is SIGTERM
 * @param grace between the stop signal and SIGKILL
 * @param nameservers without any, the guest's resolv.conf stays as it is
 * @param logBufferBytes of lines the guest keeps until they are acknowledged
 */
public record GuestSpec(
        List<String> argv,
        List<GuestVariable> env,
        String user,
        String workdir,
        String stopSignal,
        Duration grace,
        Restart restart,
        String hostname,
        List<Host> hosts,
        List<String> nameservers,
        List<String> searchDomains,
        long logBufferBytes) {

    public GuestSpec {
        if (argv.isEmpty() || argv.getFirst().isEmpty()) {
            throw new IllegalArgumentException("argv is empty");
        }
        argv = List.copyOf(argv);
        env = List.copyOf(env);
        hosts = List.copyOf(hosts);
        nameservers = List.copyOf(nameservers);
        searchDomains = List.copyOf(searchDomains);
    }

    /** When an application that ended by itself starts again. */
    public enum RestartPolicy {
        ALWAYS("always"),
        ON_FAILURE("on-failure"),
        NEVER("never");

        private final String wireName;

        RestartPolicy(String wireName) {
            this.wireName = wireName;
        }

        String wireName() {
            return wireName;
        }
    }

    /** The delay doubles from the shortest to the longest. */
    public record Restart(RestartPolicy policy, Duration minBackoff, Duration maxBackoff) {}

    /** A line of the guest's hosts file. */
    public record Host(String address, List<String> names) {

        public Host {
            names = List.copyOf(names);
        }
    }
}
