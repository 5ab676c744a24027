package io.containr.agent.proxmox;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Backups by the REST API. */
final class ProxmoxBackupClient implements ProxmoxBackups {

    /** Room for any image to be unpacked in; a sparse disk takes what it holds. */
    private static final int STAND_IN_GIB = 8;

    private final ProxmoxTransport http;

    ProxmoxBackupClient(ProxmoxTransport http) {
        this.http = http;
    }

    @Override
    public Upid backUp(String node, int vmid, String storage, String notes) {
        return ProxmoxClient.upid(http.post(
                Map.of(
                        "vmid",
                        Integer.toString(vmid),
                        "storage",
                        storage,
                        "mode",
                        "snapshot",
                        "compress",
                        "zstd",
                        "notes-template",
                        notes),
                "/nodes/{node}/vzdump",
                node));
    }

    @Override
    public List<BackupArchive> archives(String node, String storage, int vmid) {
        return http.list("/nodes/{node}/storage/{storage}/content?content=backup&vmid={vmid}", node, storage, vmid)
                .map(entry -> new BackupArchive(
                        entry.path("volid").asString(),
                        entry.path("size").asLong(0),
                        Instant.ofEpochSecond(entry.path("ctime").asLong(0)),
                        entry.path("notes").asString("").strip()))
                .toList();
    }

    @Override
    public Upid restore(String node, int vmid, String archive, String storage, String pool, String description) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("vmid", Integer.toString(vmid));
        form.put("ostemplate", archive);
        form.put("restore", "1");
        form.put("unique", "1");
        form.put("unprivileged", "1");
        form.put("storage", storage);
        form.put("pool", pool);
        form.put("description", description);
        form.put("onboot", "0");
        return ProxmoxClient.upid(http.post(form, "/nodes/{node}/lxc", node));
    }

    @Override
    public Upid standIn(String node, int vmid, String template, String storage, String pool, String description) {
        return ProxmoxClient.upid(http.post(
                Map.of(
                        "vmid",
                        Integer.toString(vmid),
                        "ostemplate",
                        template,
                        "ostype",
                        "unmanaged",
                        "unprivileged",
                        "1",
                        "rootfs",
                        storage + ":" + STAND_IN_GIB,
                        "pool",
                        pool,
                        "description",
                        description,
                        "onboot",
                        "0"),
                "/nodes/{node}/lxc",
                node));
    }

    @Override
    public void deleteArchive(String node, String archive) {
        String storage = archive.substring(0, archive.indexOf(':'));
        try {
            http.delete("/nodes/{node}/storage/{storage}/content/{volume}?delay=10", node, storage, archive);
        } catch (ProxmoxException e) {
            if (!e.is(ProxmoxFailure.MISSING)) {
                throw e;
            }
        }
    }
}
