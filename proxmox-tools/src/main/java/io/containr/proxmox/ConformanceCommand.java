package io.containr.proxmox;

import io.containr.proxmox.conformance.Conformance;
import io.containr.proxmox.conformance.Result;
import io.containr.proxmox.conformance.Result.Outcome;
import io.containr.proxmox.conformance.ResultTable;
import io.containr.proxmox.conformance.SimulatedTarget;
import io.containr.proxmox.conformance.Target;
import io.containr.simulator.task.Delays;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Examines a cluster, or the simulator where none is named; exits with 1 where a check fails. */
@Command(
        name = "conformance",
        mixinStandardHelpOptions = true,
        description = {
            "Examine whether a Proxmox VE behaves as the agent takes for granted.",
            "Without --url a simulator is started and examined. What is made is removed again."
        })
public final class ConformanceCommand implements Callable<Integer> {

    /** A backup that is met while it runs, without making the run long. */
    private static final Delays BACKUP_TAKES_A_MOMENT =
            new Delays(Map.of("vzdump", Duration.ofMillis(700)), Duration.ZERO);

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Option(names = "--token-file", description = "holds user@realm!tokenid=secret")
    private @Nullable Path tokenFile;

    @Option(names = "--node", description = "the node to work on")
    private @Nullable String node;

    @Option(names = "--pool", defaultValue = "containr", description = "the token's pool (${DEFAULT-VALUE})")
    private String pool = "containr";

    @Option(names = "--storage", defaultValue = "local-lvm", description = "for disks and volumes (${DEFAULT-VALUE})")
    private String storage = "local-lvm";

    @Option(names = "--template-storage", defaultValue = "local", description = "for images (${DEFAULT-VALUE})")
    private String templateStorage = "local";

    @Option(names = "--backup-storage", defaultValue = "local", description = "for backups (${DEFAULT-VALUE})")
    private String backupStorage = "local";

    @Option(names = "--directory-storage", description = "for disks too, and unable to take snapshots; none: not tried")
    private @Nullable String directoryStorage;

    @Option(names = "--bridge", defaultValue = "vmbr0", description = "(${DEFAULT-VALUE})")
    private String bridge = "vmbr0";

    @Option(names = "--address", description = "a free one on the bridge, such as 10.0.0.250/24")
    private @Nullable String address;

    @Option(names = "--gateway", description = "of that network")
    private @Nullable String gateway;

    @Option(names = "--registry", description = "host:port; reached from here and from the node")
    private @Nullable String registry;

    @Option(
            names = "--first-vmid",
            defaultValue = "29900",
            description = "the first of ten numbers for the suite alone (${DEFAULT-VALUE})")
    private int firstVmid = 29_900;

    @Option(names = "--patience", defaultValue = "PT10M", description = "how long a task may take (${DEFAULT-VALUE})")
    private Duration patience = Duration.ofMinutes(10);

    @Option(names = "--only", split = ",", description = "groups of checks, such as access,image,guest")
    private List<String> only = List.of();

    @Override
    public Integer call() throws Exception {
        if (connection.url != null) {
            return examine(real(connection.url));
        }
        try (SimulatedTarget simulated = SimulatedTarget.start(BACKUP_TAKES_A_MOMENT)) {
            return examine(simulated.target(connection.readTimeout, patience));
        }
    }

    private Target real(URI url) throws IOException {
        return new Target(
                connection.endpoint(url),
                Files.readString(required("--token-file", tokenFile)).strip(),
                required("--node", node),
                pool,
                templateStorage,
                storage,
                directoryStorage,
                backupStorage,
                bridge,
                required("--address", address),
                required("--gateway", gateway),
                required("--registry", registry),
                firstVmid,
                patience,
                false,
                null);
    }

    private <T> T required(String option, @Nullable T value) {
        if (value == null) {
            throw new CommandLine.ParameterException(spec.commandLine(), option + " is needed with --url");
        }
        return value;
    }

    private int examine(Target target) throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        out.println("examining " + target);
        out.println(ResultTable.header());
        out.flush();
        List<Result> results = new Conformance(target, group -> only.isEmpty() || only.contains(group), result -> {
                    out.println(ResultTable.line(result));
                    out.flush();
                })
                .run();
        out.println(ResultTable.summary(results));
        out.flush();
        return results.stream().anyMatch(result -> result.outcome() == Outcome.FAILED) ? 1 : 0;
    }
}
