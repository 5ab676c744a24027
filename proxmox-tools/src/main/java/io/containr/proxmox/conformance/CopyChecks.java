package io.containr.proxmox.conformance;

import static io.containr.proxmox.conformance.CheckFailedException.unless;

import io.containr.agent.proxmox.GuestChange;
import io.containr.agent.proxmox.Proxmox;
import io.containr.agent.proxmox.ProxmoxException;
import io.containr.agent.proxmox.ProxmoxFailure;
import io.containr.agent.proxmox.TaskStatus;
import io.containr.agent.proxmox.Upid;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** Snapshots, and backups with what they lock. */
final class CopyChecks {

    private static final String SNAPSHOT = "a snapshot is taken and listed";
    private static final String DUMPED = "a guest is backed up, and locked meanwhile";
    private static final String GUEST = "/nodes/{node}/lxc/{vmid}";

    private final Lab lab;
    private final Proxmox proxmox;

    CopyChecks(Lab lab) {
        this.lab = lab;
        this.proxmox = lab.proxmox();
    }

    List<Check> all() {
        return List.of(
                new Check("snapshot", SNAPSHOT, this::take),
                new Check("snapshot", "its name is taken now", this::takeAgain),
                new Check("snapshot", "it is rolled back to and deleted", this::rollBack),
                new Check("snapshot", "none on a directory", this::onDirectory),
                new Check("backup", DUMPED, this::dump),
                new Check("backup", "it is listed and restored", this::restore));
    }

    /** The one that has the volume. */
    private int vmid() {
        return lab.vmid(1);
    }

    private Upid post(Map<String, String> form, String path, Object... variables) {
        return new Upid(lab.http().post(form, path, variables).asString(""));
    }

    private boolean canSnapshot(int vmid) {
        return lab.http()
                        .get(GUEST + "/feature?feature=snapshot", lab.node(), vmid)
                        .path("hasFeature")
                        .asInt(0)
                == 1;
    }

    private List<String> snapshots() {
        return lab.http()
                .get(GUEST + "/snapshot", lab.node(), vmid())
                .valueStream()
                .map(each -> each.path("name").asString(""))
                .toList();
    }

    private String take() throws InterruptedException {
        lab.need(GuestChecks.RACED);
        unless(canSnapshot(vmid()), lab.target().rootStorage() + " takes no snapshots: choose another for --storage");
        lab.succeed(post(Map.of("snapname", "first"), GUEST + "/snapshot", lab.node(), vmid()));
        unless(snapshots().containsAll(List.of("first", "current")), snapshots().toString());
        return snapshots().toString();
    }

    private String takeAgain() throws InterruptedException {
        lab.need(SNAPSHOT);
        return lab.failure(post(Map.of("snapname", "first"), GUEST + "/snapshot", lab.node(), vmid()));
    }

    private String rollBack() throws InterruptedException {
        lab.need(SNAPSHOT);
        lab.http().put(Map.of("description", Lab.MARK + " changed"), GUEST + "/config", lab.node(), vmid());
        lab.succeed(post(Map.of(), GUEST + "/snapshot/first/rollback", lab.node(), vmid()));
        String description = proxmox.config(lab.node(), vmid()).description();
        unless(!description.contains("changed"), "the configuration is not rolled back: " + description);
        lab.succeed(new Upid(
                lab.http().delete(GUEST + "/snapshot/first", lab.node(), vmid()).asString("")));
        unless(!snapshots().contains("first"), snapshots().toString());
        return description;
    }

    private String onDirectory() throws InterruptedException {
        lab.need(TemplateChecks.PULLED);
        String storage = lab.target().directoryStorage();
        if (storage == null) {
            throw new SkippedException("no directory storage was named (--directory-storage)");
        }
        int vmid = lab.vmid(3);
        lab.succeed(proxmox.create(lab.node(), lab.plan(vmid, lab.template(), storage)));
        unless(!canSnapshot(vmid), storage + " takes snapshots");
        String reason = lab.failure(post(Map.of("snapname", "first"), GUEST + "/snapshot", lab.node(), vmid));
        unless(reason.contains("not available"), reason);
        return reason;
    }

    private String dump() throws InterruptedException {
        lab.need(GuestChecks.RACED);
        proxmox.configure(
                lab.node(),
                vmid(),
                proxmox.config(lab.node(), vmid()),
                new GuestChange(TestImage.SERVER, Map.of("KEPT", "yes"), new TreeSet<>(List.of(Lab.TAG))));
        Upid task = post(
                Map.of(
                        "vmid", Integer.toString(vmid()),
                        "storage", lab.target().backupStorage(),
                        "mode", "stop",
                        "compress", "zstd",
                        "notes-template", "{{guestname}}"),
                "/nodes/{node}/vzdump",
                lab.node());
        String locked = "too quick to be met while locked";
        while (proxmox.task(task).orElseThrow() instanceof TaskStatus.Running) {
            if ("backup".equals(proxmox.status(lab.node(), vmid()).orElseThrow().lock())) {
                try {
                    lab.http().put(Map.of("memory", "80"), GUEST + "/config", lab.node(), vmid());
                } catch (ProxmoxException e) {
                    unless(e.is(ProxmoxFailure.LOCKED), "understood as " + e.failure() + ": " + e.getMessage());
                    locked = String.valueOf(e.getMessage());
                    break;
                }
            }
            Thread.sleep(20);
        }
        lab.succeed(task);
        unless(proxmox.status(lab.node(), vmid()).orElseThrow().lock() == null, "still locked");
        return locked;
    }

    private JsonNode backup() {
        return lab.http()
                .get(
                        "/nodes/{node}/storage/{storage}/content?content=backup&vmid={vmid}",
                        lab.node(),
                        lab.target().backupStorage(),
                        vmid())
                .valueStream()
                .findFirst()
                .orElseThrow(() -> new CheckFailedException("it is not listed"));
    }

    private String restore() throws InterruptedException {
        lab.need(DUMPED);
        JsonNode backup = backup();
        unless(backup.path("size").asLong(0) > 0, backup.toString());
        int vmid = lab.vmid(4);
        TaskStatus status = lab.end(post(
                Map.of(
                        "vmid", Integer.toString(vmid),
                        "ostemplate", backup.path("volid").asString(""),
                        "restore", "1",
                        "unique", "1",
                        "storage", lab.target().rootStorage(),
                        "pool", lab.target().pool()),
                "/nodes/{node}/lxc",
                lab.node()));
        unless(status instanceof TaskStatus.Succeeded, "it ends with " + status);
        JsonNode config = lab.config(vmid);
        unless(config.path("env").asString("").contains("KEPT=yes"), "environment " + config.path("env"));
        unless(config.path("entrypoint").asString("").equals(TestImage.SERVER), "no entrypoint");
        return backup.path("volid").asString("") + " as " + vmid;
    }
}
