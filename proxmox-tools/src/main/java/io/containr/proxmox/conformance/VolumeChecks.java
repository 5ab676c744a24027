package io.containr.proxmox.conformance;

import static io.containr.proxmox.conformance.CheckFailedException.unless;

import io.containr.agent.proxmox.GuestChange;
import io.containr.agent.proxmox.GuestConfig;
import io.containr.agent.proxmox.Mount;
import io.containr.agent.proxmox.Proxmox;
import io.containr.agent.proxmox.ProxmoxFailure;
import io.containr.agent.proxmox.Upid;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Volumes that outlive their guests. */
final class VolumeChecks {

    static final String MOVED = "it is handed to another guest";
    private static final String ADDED = "a volume is added";

    private final Lab lab;
    private final Proxmox proxmox;

    VolumeChecks(Lab lab) {
        this.lab = lab;
        this.proxmox = lab.proxmox();
    }

    List<Check> all() {
        return List.of(
                new Check("volume", ADDED, this::add),
                new Check("volume", "it grows", this::grow),
                new Check("volume", "it is mounted elsewhere", this::mount),
                new Check("volume", "it grows while its guest runs", this::growRunning),
                new Check("volume", "it does not leave a guest that runs", this::moveRunning),
                new Check("volume", MOVED, this::move));
    }

    private GuestConfig config(int vmid) {
        return proxmox.config(lab.node(), vmid);
    }

    private Mount volume(int vmid) {
        @Nullable Mount volume = config(vmid).volume();
        if (volume == null) {
            throw new CheckFailedException(vmid + " has no volume");
        }
        return volume;
    }

    private String add() {
        lab.need(GuestChecks.CONFIGURED);
        int vmid = lab.vmid(0);
        proxmox.addVolume(lab.node(), vmid, config(vmid), lab.target().rootStorage(), 64, "/data");
        Mount volume = volume(vmid);
        unless(volume.path().equals("/data") && volume.sizeMiB() >= 64, volume.toString());
        return volume.toString();
    }

    private String grow() throws InterruptedException {
        lab.need(ADDED);
        Upid task = proxmox.growVolume(lab.node(), lab.vmid(0), 96);
        lab.succeed(task);
        unless(volume(lab.vmid(0)).sizeMiB() >= 96, volume(lab.vmid(0)).toString());
        return task.type() + ", " + volume(lab.vmid(0)).sizeMiB() + " MiB";
    }

    private String mount() {
        lab.need(ADDED);
        int vmid = lab.vmid(0);
        Mount before = volume(vmid);
        proxmox.mountVolume(lab.node(), vmid, config(vmid), before.volume(), "/elsewhere");
        Mount after = volume(vmid);
        unless(after.equals(new Mount(before.volume(), "/elsewhere", before.sizeMiB())), after.toString());
        return after.toString();
    }

    private void startAgain() throws InterruptedException {
        lab.need(ADDED);
        lab.need(GuestChecks.RACED);
        int vmid = lab.vmid(0);
        proxmox.configure(
                lab.node(),
                vmid,
                config(vmid),
                new GuestChange(TestImage.SERVER, Map.of("ONE", "1"), new TreeSet<>(List.of(Lab.TAG))));
        lab.succeed(proxmox.start(lab.node(), vmid));
    }

    private String growRunning() throws InterruptedException {
        startAgain();
        int vmid = lab.vmid(0);
        lab.succeed(proxmox.growVolume(lab.node(), vmid, 128));
        int size = volume(vmid).sizeMiB();
        lab.succeed(proxmox.stop(lab.node(), vmid));
        unless(size >= 128, size + " MiB");
        return size + " MiB";
    }

    private String moveRunning() throws InterruptedException {
        startAgain();
        int vmid = lab.vmid(0);
        String said = Lab.refused(() -> proxmox.moveVolume(lab.node(), vmid, lab.vmid(1)), ProxmoxFailure.RUNNING);
        lab.succeed(proxmox.stop(lab.node(), vmid));
        return said;
    }

    private String move() throws InterruptedException {
        lab.need(ADDED);
        lab.need(GuestChecks.RACED);
        int size = volume(lab.vmid(0)).sizeMiB();
        Upid task = proxmox.moveVolume(lab.node(), lab.vmid(0), lab.vmid(1));
        lab.succeed(task);
        unless(config(lab.vmid(0)).volume() == null, "the giver has it still");
        unless(volume(lab.vmid(1)).sizeMiB() == size, volume(lab.vmid(1)).toString());
        return task.type() + " " + task.subject() + ", " + volume(lab.vmid(1));
    }
}
