package io.containr.agent.proxmox;

import java.util.List;

/** What the agent asks of Proxmox VE for backups, by the same rules as {@link Proxmox}. */
public interface ProxmoxBackups {

    /** Writes an archive of a guest, with the volumes that are meant for it, without stopping it for longer than a snapshot takes. */
    Upid backUp(String node, int vmid, String storage, String notes);

    /** The archives of a guest on a storage. */
    List<BackupArchive> archives(String node, String storage, int vmid);

    /**
     * Makes a guest of an archive, without starting it. Its tags are those that were backed up: rights that come from a pool do not suffice
     * to tag a guest that is not in it yet.
     *
     * @param description in the place of the one that was backed up
     */
    Upid restore(String node, int vmid, String archive, String storage, String pool, String description);

    /** Makes a guest that is not meant to start: without limits, network or tags. EXISTS where the number is taken. */
    Upid standIn(String node, int vmid, String template, String storage, String pool, String description);

    /** Deletes an archive; MISSING does not throw. */
    void deleteArchive(String node, String archive);
}
