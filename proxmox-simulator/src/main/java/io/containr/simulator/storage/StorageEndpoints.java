package io.containr.simulator.storage;

import io.containr.simulator.access.AccessControl;
import io.containr.simulator.access.Caller;
import io.containr.simulator.api.ApiException;
import io.containr.simulator.api.Call;
import io.containr.simulator.api.Router;
import io.containr.simulator.engine.Images;
import io.containr.simulator.engine.Volumes;
import io.containr.simulator.task.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Storages by API: what there is, and deleting it. */
public final class StorageEndpoints {

    private static final List<String> SEEN = List.of("Datastore.Audit", "Datastore.AllocateSpace");

    private final Storages storages;
    private final Tasks tasks;
    private final AccessControl access;
    private final Images images;
    private final Volumes volumes;
    private final IntPredicate guestExists;

    public StorageEndpoints(
            Storages storages,
            Tasks tasks,
            AccessControl access,
            Images images,
            Volumes volumes,
            IntPredicate guestExists) {
        this.storages = storages;
        this.tasks = tasks;
        this.access = access;
        this.images = images;
        this.volumes = volumes;
        this.guestExists = guestExists;
    }

    public void addTo(Router router) {
        router.add("GET /storage", this::configured)
                .add("GET /nodes/{node}/storage", this::list)
                .add("GET /nodes/{node}/storage/{storage}/status", this::status)
                .add("GET /nodes/{node}/storage/{storage}/content", this::content)
                .add("DELETE /nodes/{node}/storage/{storage}/content/{volume}", this::delete);
    }

    private boolean sees(Caller caller, StorageSpec storage) {
        return access.allowed(caller, "/storage/" + storage.id(), true, SEEN);
    }

    private Object configured(Call call) {
        return storages.specs().stream()
                .filter(storage -> sees(call.caller(), storage))
                .filter(storage -> !call.has("type") || storage.type().label().equals(call.text("type")))
                .map(storage -> Map.of(
                        "storage", storage.id(), "type", storage.type().label(), "content", storage.contentText()))
                .toList();
    }

    private Object list(Call call) {
        List<String> kinds = call.has("content") ? List.of(call.text("content").split("[,;\\s]+")) : List.of();
        return storages.specs().stream()
                .filter(storage -> sees(call.caller(), storage))
                .filter(storage -> !call.has("storage") || storage.id().equals(call.text("storage")))
                .filter(storage -> kinds.isEmpty() || kinds.stream().anyMatch(storage::holds))
                .map(storage -> {
                    Map<String, Object> shown = figures(call.node(), storage);
                    shown.put("storage", storage.id());
                    return shown;
                })
                .toList();
    }

    private Object status(Call call) {
        return figures(call.node(), storages.require(call.text("storage")));
    }

    private Map<String, Object> figures(String node, StorageSpec storage) {
        long used = Math.min(storages.used(node, storage.id()), storage.bytes());
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("type", storage.type().label());
        figures.put("content", storage.contentText());
        figures.put("total", storage.bytes());
        figures.put("used", used);
        figures.put("avail", storage.bytes() - used);
        figures.put("used_fraction", (double) used / storage.bytes());
        figures.put("active", 1);
        figures.put("enabled", 1);
        figures.put("shared", 0);
        return figures;
    }

    private Object content(Call call) {
        return storages.list(call.node(), call.text("storage")).stream()
                .filter(volume -> !call.has("content") || volume.content().equals(call.text("content")))
                .filter(volume -> !call.has("vmid") || volume.vmid() != null && volume.vmid() == call.vmid())
                .filter(volume -> mayRead(call.caller(), volume))
                .map(StorageEndpoints::shown)
                .toList();
    }

    private boolean mayRead(Caller caller, StoredVolume volume) {
        Integer owner = volume.vmid();
        return owner == null
                || access.allowed(caller, "/storage/" + volume.storage(), "Datastore.Allocate")
                || access.allowed(
                        caller, "/vms/" + owner, volume.content().equals("backup") ? "VM.Backup" : "VM.Config.Disk");
    }

    private static Map<String, Object> shown(StoredVolume volume) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("volid", volume.volid());
        shown.put("content", volume.content());
        shown.put("format", volume.format());
        shown.put("size", volume.size());
        shown.put("ctime", volume.created());
        if (volume.vmid() != null) {
            shown.put("vmid", volume.vmid());
        }
        if (volume.notes() != null) {
            shown.put("notes", volume.notes());
        }
        if (volume.content().equals("backup")) {
            shown.put("subtype", "lxc");
        }
        return shown;
    }

    private @Nullable Object delete(Call call) throws InterruptedException {
        String storage = call.text("storage");
        storages.require(storage);
        String named = call.text("volume");
        String volid = named.contains(":") ? named : storage + ":" + named;
        StoredVolume volume = storages.find(call.node(), volid).orElse(null);
        Integer owner = volume == null ? null : volume.vmid();
        if (owner != null && volume != null && volume.content().equals("backup")) {
            access.require(call.caller(), "/storage/" + storage, "Datastore.AllocateSpace");
            access.require(call.caller(), "/vms/" + owner, "VM.Backup");
        } else {
            access.require(call.caller(), "/storage/" + storage, "Datastore.Allocate");
        }
        if (owner != null && volume != null && volume.content().equals("rootdir") && guestExists.test(owner)) {
            throw ApiException.failed("Cannot remove image, a guest with VMID '" + owner + "' exists!\n"
                    + "You can delete the image from the guest's hardware pane");
        }
        String upid = tasks.start(call.node(), "imgdel", volid.replace(':', '@'), call.caller(), log -> {
            StoredVolume removed = storages.remove(call.node(), volid)
                    .orElseThrow(() -> ApiException.failed("disk image '" + volid + "' does not exist"));
            discard(removed);
            log.line("Removed volume '" + volid + "'");
        });
        boolean finished = call.has("delay") && tasks.awaitSuccess(upid, Duration.ofSeconds(call.number("delay", 0)));
        return finished ? null : upid;
    }

    private void discard(StoredVolume volume) throws IOException {
        if (volume.image() != null) {
            images.release(volume.image());
        }
        if (volume.volume() != null) {
            volumes.remove(volume.volume());
        }
        if (volume.file() != null) {
            Files.deleteIfExists(Path.of(volume.file()));
        }
    }
}
