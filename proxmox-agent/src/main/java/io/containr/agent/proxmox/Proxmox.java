package io.containr.agent.proxmox;

import io.containr.contracts.project.Resources;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

/**
 * What the agent asks of Proxmox VE. Every call throws {@link ProxmoxException}; one whose outcome is unknown may have
 * taken effect. Calls that give a {@link Upid} began a task and did not wait for it.
 */
public interface Proxmox {

    /** Such as {@code 9.2.11}. */
    String version();

    /** Nodes and guests of the whole cluster as far as the token sees them; up to ten seconds old. */
    ClusterView cluster();

    /** Its nodes alone, which costs the same however many guests there are. */
    List<ClusterView.Node> nodes();

    /** How full its storages are, as far as a node reaches them; up to ten seconds old. */
    List<StorageSpace> storages();

    /** Whether the number is free in the whole cluster, this moment. */
    boolean isFree(int vmid);

    /** Asks a node to fetch an image; the file gets the ending {@code .tar}. EXISTS where the file is there. */
    Upid pullImage(String node, String storage, String reference, String fileName);

    /** Volume ids of the templates on a storage. */
    List<String> templates(String node, String storage);

    /** Deletes a template; MISSING does not throw. */
    void deleteTemplate(String node, String storage, String volumeId);

    /** Makes a guest without starting it. */
    Upid create(String node, GuestPlan plan);

    /** Empty where the node has no such guest. */
    Optional<GuestStatus> status(String node, int vmid);

    /** As it is in effect, without what waits for the guest's next start; MISSING where the node has no such guest. */
    GuestConfig config(String node, int vmid);

    /** Changes the configuration, if its digest is still the one that was read. Takes effect with the next start. */
    void configure(String node, int vmid, GuestConfig read, GuestChange change);

    /** Gives a guest other limits, at once, and other tags; if its configuration's digest is still the one that was read. */
    void restore(String node, int vmid, GuestConfig read, Resources resources, SortedSet<String> tags);

    /** Makes a volume and mounts it, if the configuration's digest is still the one that was read; returns when that is done. */
    void addVolume(String node, int vmid, GuestConfig read, String storage, int sizeMiB, String path);

    /** Mounts the guest's volume elsewhere in it, from its next start on. */
    void mountVolume(String node, int vmid, GuestConfig read, String volume, String path);

    /** Makes the guest's volume larger. */
    Upid growVolume(String node, int vmid, int sizeMiB);

    /** Hands a guest's volume to another guest of the node, without copying; RUNNING where the one that has it runs. */
    Upid moveVolume(String node, int from, int to);

    Upid start(String node, int vmid);

    /** Tells the guest to end, and ends it where it has not by then. */
    Upid shutdown(String node, int vmid, Duration grace);

    /** Ends the guest at once. */
    Upid stop(String node, int vmid);

    /** Removes a stopped guest with its disks and everything that mentions it. */
    Upid destroy(String node, int vmid);

    /** Empty where the node does not know the task any more. */
    Optional<TaskStatus> task(Upid task);

    /** The beginning of what a task said. */
    List<String> log(Upid task);

    /** The newest task of that kind on that subject since then, running or ended. */
    default Optional<Upid> findTask(String node, String type, String subject, Instant since) {
        return findTask(node, type, subject, since, Set.of());
    }

    /** The same, without those that are known to be somebody else's. */
    Optional<Upid> findTask(String node, String type, String subject, Instant since, Set<Upid> others);

    /** Ends a task. */
    void abort(Upid task);
}
