package io.containr.simulator.guest;

import io.containr.simulator.api.ApiException;
import io.containr.simulator.engine.Engine;
import io.containr.simulator.storage.StorageSpec;
import io.containr.simulator.storage.Storages;
import io.containr.simulator.storage.StoredVolume;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Volumes of guests: an entry in a storage, and for mount points a volume of the engine. */
final class Volumes {

    private final Storages storages;
    private final Engine engine;

    Volumes(Storages storages, Engine engine) {
        this.storages = storages;
        this.engine = engine;
    }

    /** Fails where the storage is missing or takes no guests' volumes. */
    void requireRootdir(String storage) {
        StorageSpec spec = storages.require(storage);
        if (!spec.holds("rootdir")) {
            throw ApiException.invalid("storage", "storage '" + storage + "' does not support container directories");
        }
    }

    /** A root file system has no volume of the engine: it is the container's own writable layer. */
    MountPoint allocateRoot(String node, int vmid, MountPoint wanted) {
        return allocate(node, vmid, wanted, null);
    }

    MountPoint allocateMount(String node, int vmid, MountPoint wanted) {
        storages.requireSpace(node, wanted.storage(), 0);
        return allocate(node, vmid, wanted, engine.volumes().create());
    }

    private MountPoint allocate(String node, int vmid, MountPoint wanted, @Nullable String backing) {
        try {
            StoredVolume volume = storages.allocate(node, wanted.storage(), vmid, wanted.requestedBytes(), backing);
            return wanted.on(volume.volid(), volume.size());
        } catch (ApiException refused) {
            if (backing != null) {
                engine.volumes().remove(backing);
            }
            throw refused;
        }
    }

    /** Gone with its content; what is gone already is no error. */
    void free(String node, String volid) {
        Optional<StoredVolume> volume = storages.remove(node, volid);
        volume.map(StoredVolume::volume).ifPresent(engine.volumes()::remove);
    }

    /** Frees everything the guest has: container, volumes, images, snapshots. */
    void freeAll(Guest guest) {
        engine.containers().remove(guest.vmid());
        guest.volumes().forEach(volid -> free(guest.node(), volid));
        guest.imageVolumes().values().forEach(engine.volumes()::remove);
        guest.snapshots().forEach(snapshot -> {
            snapshot.volumes().values().forEach(engine.volumes()::remove);
            engine.images().release(snapshot.image());
        });
        if (!guest.image().isEmpty()) {
            engine.images().release(guest.image());
        }
    }

    boolean snapshots(Guest guest) {
        return guest.config().entrySet().stream()
                .filter(entry -> MountPoint.named(entry.getKey()))
                .allMatch(entry -> storages.require(
                                MountPoint.parse(entry.getValue()).storage())
                        .snapshots());
    }
}
