package io.containr.proxmox;

import io.containr.agent.proxmox.ProxmoxTransport;
import io.containr.proxmox.setup.AgentRights;
import io.containr.proxmox.setup.Examination;
import io.containr.proxmox.setup.Finding;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What of a cluster the agent uses. */
public final class ClusterOptions {

    @Option(names = "--node", split = ",", description = "nodes the agent may use; default: all")
    List<String> nodes = List.of();

    @Option(names = "--pool", defaultValue = "containr", description = "for the agent's guests (${DEFAULT-VALUE})")
    private String pool = "containr";

    @Option(names = "--agent-user", defaultValue = "containr@pve", description = "(${DEFAULT-VALUE})")
    private String user = "containr@pve";

    @Option(names = "--agent-token", defaultValue = "agent", description = "name of its token (${DEFAULT-VALUE})")
    private String tokenId = "agent";

    @Option(names = "--storage", defaultValue = "local-lvm", description = "for disks and volumes (${DEFAULT-VALUE})")
    private String storage = "local-lvm";

    @Option(names = "--template-storage", defaultValue = "local", description = "for images (${DEFAULT-VALUE})")
    private String templateStorage = "local";

    @Option(names = "--backup-storage", defaultValue = "local", description = "for backups (${DEFAULT-VALUE})")
    private String backupStorage = "local";

    @Option(names = "--bridge", defaultValue = "vmbr0", description = "(${DEFAULT-VALUE})")
    private String bridge = "vmbr0";

    @Option(
            names = "--repository",
            description = "one that is in your registry, such as registry:5000/apps/web, to see that nodes reach it")
    private @Nullable String repository;

    AgentRights rights(List<String> allNodes) {
        return new AgentRights(
                pool,
                user,
                tokenId,
                nodes.isEmpty() ? allNodes : nodes,
                List.of(storage, templateStorage, backupStorage),
                bridge);
    }

    Examination examination(ProxmoxTransport http) {
        return new Examination(
                http,
                rights(nodes.isEmpty() ? nodesOf(http) : nodes),
                new Examination.Use(templateStorage, storage, backupStorage, repository));
    }

    static List<String> nodesOf(ProxmoxTransport http) {
        return http.get("/nodes")
                .valueStream()
                .map(node -> node.path("node").asString(""))
                .toList();
    }

    /** @return the exit code */
    static int print(PrintWriter out, List<Finding> findings) {
        findings.forEach(finding -> out.println(finding.text()));
        long wrong = findings.stream()
                .filter(finding -> finding.state() == Finding.State.WRONG)
                .count();
        out.println(wrong == 0 ? "nothing is wrong" : wrong + " to mend");
        out.flush();
        return wrong == 0 ? 0 : 1;
    }
}
