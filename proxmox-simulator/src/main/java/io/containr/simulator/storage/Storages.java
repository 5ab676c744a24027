package io.containr.simulator.storage;

import io.containr.simulator.api.ApiException;
import io.containr.simulator.fault.Faults;
import io.containr.simulator.state.JsonFile;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The storages of all nodes and the index of what lies in them. Changes are on disk when a method returns. */
public final class Storages {

    /** Contents of one storage of one node, by volume id. */
    record Contents(TreeMap<String, StoredVolume> volumes) {}

    private final Path directory;
    private final Map<String, StorageSpec> specs = new LinkedHashMap<>();
    private final Map<String, Contents> contents = new TreeMap<>();
    private final Clock clock;
    private final Faults faults;

    public Storages(
            Path directory, Collection<String> nodes, Collection<StorageSpec> storages, Clock clock, Faults faults) {
        this.directory = directory.resolve("storage");
        this.clock = clock;
        this.faults = faults;
        for (StorageSpec storage : storages) {
            specs.put(storage.id(), storage);
            for (String node : nodes) {
                contents.put(
                        key(node, storage.id()),
                        file(node, storage.id()).read().orElseGet(() -> new Contents(new TreeMap<>())));
            }
        }
    }

    private static String key(String node, String storage) {
        return node + "/" + storage;
    }

    private JsonFile<Contents> file(String node, String storage) {
        return new JsonFile<>(directory.resolve(node).resolve(storage + ".json"), Contents.class);
    }

    /** The directory for a storage's files. */
    Path files(String node, String storage, String content) {
        return directory.resolve(node).resolve(storage).resolve(content);
    }

    public Collection<StorageSpec> specs() {
        return specs.values();
    }

    /** Fails as Proxmox does where there is no such storage. */
    public StorageSpec require(String storage) {
        StorageSpec spec = specs.get(storage);
        if (spec == null) {
            throw ApiException.failed("storage '" + storage + "' does not exist");
        }
        return spec;
    }

    private Contents contents(String node, String storage) {
        require(storage);
        Contents found = contents.get(key(node, storage));
        if (found == null) {
            throw ApiException.failed("storage '" + storage + "' is not available on node '" + node + "'");
        }
        return found;
    }

    public synchronized List<StoredVolume> list(String node, String storage) {
        return List.copyOf(contents(node, storage).volumes().values());
    }

    public synchronized Optional<StoredVolume> find(String node, String volid) {
        int colon = volid.indexOf(':');
        if (colon <= 0) {
            throw ApiException.failed("unable to parse volume ID '" + volid + "'");
        }
        return Optional.ofNullable(
                contents(node, volid.substring(0, colon)).volumes().get(volid));
    }

    public synchronized void put(String node, StoredVolume volume) {
        contents(node, volume.storage()).volumes().put(volume.volid(), volume);
        save(node, volume.storage());
    }

    public synchronized Optional<StoredVolume> remove(String node, String volid) {
        Optional<StoredVolume> found = find(node, volid);
        found.ifPresent(volume -> {
            contents(node, volume.storage()).volumes().remove(volid);
            save(node, volume.storage());
        });
        return found;
    }

    private void save(String node, String storage) {
        file(node, storage).write(contents(node, storage));
    }

    /** Fails where the storage cannot take so many bytes more. */
    public void requireSpace(String node, String storage, long bytes) {
        StorageSpec spec = require(storage);
        if (faults.full(storage) || used(node, storage) + bytes > spec.bytes()) {
            throw ApiException.failed(
                    spec.type() == StorageSpec.Type.DIR
                            ? "No space left on device"
                            : "lvcreate '" + storage
                                    + "' error: Cannot create new thin volume, free space in thin pool " + storage
                                    + " reached threshold.");
        }
    }

    public synchronized long used(String node, String storage) {
        boolean thin = require(storage).type() == StorageSpec.Type.LVMTHIN;
        // Thin volumes and sparse files take what was written, which a twentieth of their size stands for.
        return list(node, storage).stream()
                .mapToLong(volume -> volume.content().equals("rootdir") || thin ? volume.size() / 20 : volume.size())
                .sum();
    }

    /** Allocates the guest's next volume; {@code backing} is the engine's volume, null for a root file system. */
    public synchronized StoredVolume allocate(
            String node, String storage, int vmid, long bytes, @Nullable String backing) {
        requireSpace(node, storage, bytes / 20);
        String volid = nextVolid(node, storage, vmid);
        StoredVolume volume = new StoredVolume(
                volid, "rootdir", "raw", bytes, clock.instant().getEpochSecond(), vmid, null, null, backing, null);
        put(node, volume);
        return volume;
    }

    private String nextVolid(String node, String storage, int vmid) {
        for (int number = 0; ; number++) {
            String volid = require(storage).type() == StorageSpec.Type.DIR
                    ? "%s:%d/vm-%d-disk-%d.raw".formatted(storage, vmid, vmid, number)
                    : "%s:vm-%d-disk-%d".formatted(storage, vmid, number);
            if (find(node, volid).isEmpty()) {
                return volid;
            }
        }
    }

    /** Hands a volume to another guest under a new name, without copying. */
    public synchronized StoredVolume rename(String node, String volid, int vmid) {
        StoredVolume volume = remove(node, volid).orElseThrow(() -> missing(volid));
        StoredVolume moved = volume.ownedBy(nextVolid(node, volume.storage(), vmid), vmid);
        put(node, moved);
        return moved;
    }

    public void resize(String node, String volid, long bytes) {
        change(node, volid, volume -> volume.resized(bytes));
    }

    /** Puts another volume of the engine behind a mount point, as a rollback does. */
    public void back(String node, String volid, String volume) {
        change(node, volid, stored -> stored.backedBy(volume));
    }

    void standOn(String node, String volid, String image) {
        change(node, volid, volume -> volume.standingOn(image));
    }

    private synchronized void change(String node, String volid, UnaryOperator<StoredVolume> change) {
        put(node, change.apply(find(node, volid).orElseThrow(() -> missing(volid))));
    }

    static ApiException missing(String volid) {
        return ApiException.failed("volume '" + volid + "' does not exist");
    }
}
