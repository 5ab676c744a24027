package io.containr.proxmox.conformance;

import io.containr.agent.proxmox.ProxmoxException;
import io.containr.agent.proxmox.Upid;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Removes what the suite made, also what an earlier run left: guests of our numbers that carry our mark, our templates, their backups. */
final class Sweep {

    private final Lab lab;

    Sweep(Lab lab) {
        this.lab = lab;
    }

    /** @return what was removed; what could not be is in the failures */
    List<String> run(List<String> failures) throws InterruptedException {
        List<String> removed = new ArrayList<>();
        for (JsonNode guest : lab.http().get("/nodes/{node}/lxc", lab.node())) {
            int vmid = guest.path("vmid").asInt(0);
            if (vmid >= lab.vmid(0) && vmid < lab.vmid(Target.VMIDS)) {
                attempt("guest " + vmid, removed, failures, () -> destroy(vmid));
            }
        }
        for (String template : lab.proxmox().templates(lab.node(), lab.target().templateStorage())) {
            if (template.contains(":vztmpl/" + TestImage.NAME + "-")) {
                attempt(
                        template,
                        removed,
                        failures,
                        () -> lab.proxmox()
                                .deleteTemplate(lab.node(), lab.target().templateStorage(), template));
            }
        }
        return removed;
    }

    private interface Removal {
        void run() throws InterruptedException;
    }

    private static void attempt(String what, List<String> removed, List<String> failures, Removal removal)
            throws InterruptedException {
        try {
            removal.run();
            removed.add(what);
        } catch (ProxmoxException | CheckFailedException e) {
            failures.add(what + ": " + e.getMessage());
        }
    }

    private void destroy(int vmid) throws InterruptedException {
        String description = lab.proxmox().config(lab.node(), vmid).description();
        CheckFailedException.unless(
                description.startsWith(Lab.MARK), "is not ours: choose other numbers with --first-vmid");
        deleteBackups(vmid);
        if (lab.running(vmid)) {
            lab.succeed(lab.proxmox().stop(lab.node(), vmid));
        }
        lab.succeed(lab.proxmox().destroy(lab.node(), vmid));
    }

    private void deleteBackups(int vmid) throws InterruptedException {
        String storage = lab.target().backupStorage();
        String content = "/nodes/{node}/storage/{storage}/content";
        for (JsonNode backup : lab.http().get(content + "?content=backup&vmid={vmid}", lab.node(), storage, vmid)) {
            JsonNode task = lab.http()
                    .delete(
                            content + "/{volume}",
                            lab.node(),
                            storage,
                            backup.path("volid").asString(""));
            if (task.isString()) {
                lab.succeed(new Upid(task.asString()));
            }
        }
    }
}
