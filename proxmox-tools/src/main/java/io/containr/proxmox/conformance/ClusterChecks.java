package io.containr.proxmox.conformance;

import static io.containr.proxmox.conformance.CheckFailedException.unless;

import io.containr.agent.proxmox.ClusterView;
import io.containr.agent.proxmox.ProxmoxFailure;
import io.containr.agent.proxmox.Upid;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** The cluster as a whole, and the API's manners. */
final class ClusterChecks {

    private static final String NO_TASK = "UPID:%s:00000001:00000001:00000001:vzstart:%d:nobody@pve:";

    private final Lab lab;

    ClusterChecks(Lab lab) {
        this.lab = lab;
    }

    List<Check> all() {
        return List.of(
                new Check("cluster", "the node is online and tells its memory", this::node),
                new Check("cluster", "storages take what is put on them", this::storages),
                new Check("cluster", "numbers of ours are free", this::numbers),
                new Check("cluster", "a node that is not there is told", this::unknownNode),
                new Check("cluster", "a method that is not there is told", this::unknownMethod),
                new Check("cluster", "a wrong parameter is named", this::wrongParameter),
                new Check("cluster", "an unknown task is told", this::unknownTask),
                new Check("cluster", "numbers come as numbers or as text", this::looseTypes));
    }

    private String node() {
        ClusterView view = lab.proxmox().cluster();
        unless(view.isOnline(lab.node()), "not online: " + view.nodes());
        ClusterView.Node node = view.nodes().stream()
                .filter(each -> each.name().equals(lab.node()))
                .findFirst()
                .orElseThrow();
        unless(node.memoryBytes() > 0, "no memory shown: Sys.Audit on the node is missing");
        return view.nodes().size() + " nodes; " + (node.usedBytes() >> 20) + " of " + (node.memoryBytes() >> 20)
                + " MiB used";
    }

    private String storages() {
        Map<String, List<String>> content = lab.http()
                .get("/nodes/{node}/storage?enabled=1", lab.node())
                .valueStream()
                .collect(Collectors.toMap(
                        storage -> storage.path("storage").asString(),
                        storage -> List.of(storage.path("content").asString("").split(","))));
        Target target = lab.target();
        takes(content, target.templateStorage(), "vztmpl");
        takes(content, target.rootStorage(), "rootdir");
        takes(content, target.backupStorage(), "backup");
        return content.toString();
    }

    private static void takes(Map<String, List<String>> content, String storage, String kind) {
        unless(content.getOrDefault(storage, List.of()).contains(kind), storage + " does not take " + kind);
    }

    private String numbers() {
        for (int index = 0; index < Target.VMIDS; index++) {
            unless(lab.proxmox().isFree(lab.vmid(index)), lab.vmid(index) + " is taken");
        }
        return lab.vmid(0) + " to " + lab.vmid(Target.VMIDS - 1);
    }

    private String unknownNode() {
        return Lab.refused(() -> lab.http().get("/nodes/nosuchnode/lxc"), ProxmoxFailure.UNAVAILABLE);
    }

    private String unknownMethod() {
        return Lab.refused(() -> lab.http().get("/nosuch"), ProxmoxFailure.INVALID);
    }

    private String wrongParameter() {
        String said = Lab.refused(
                () -> lab.http()
                        .post(Map.of("nosuch", "1"), "/nodes/{node}/lxc/{vmid}/status/start", lab.node(), lab.vmid(0)),
                ProxmoxFailure.INVALID,
                ProxmoxFailure.DENIED);
        return said;
    }

    private String unknownTask() {
        Upid unknown = new Upid(NO_TASK.formatted(lab.node(), lab.vmid(0)));
        unless(lab.proxmox().task(unknown).isEmpty(), "the task is known");
        return Lab.refused(
                () -> lab.http().get("/nodes/{node}/tasks/garbage/status", lab.node()), ProxmoxFailure.INVALID);
    }

    private String looseTypes() {
        JsonNode next = lab.http().get("/cluster/nextid");
        unless(next.asInt(0) >= 100, "no number: " + next);
        JsonNode version = lab.http().get("/version").path("release");
        unless(!version.asString("").isEmpty(), "no release: " + version);
        return "nextid " + next.getNodeType() + ", release " + version.getNodeType();
    }
}
