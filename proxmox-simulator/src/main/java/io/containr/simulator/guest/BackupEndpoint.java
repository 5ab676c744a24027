package io.containr.simulator.guest;

import io.containr.simulator.access.AccessControl;
import io.containr.simulator.access.Pools;
import io.containr.simulator.api.ApiException;
import io.containr.simulator.api.Call;
import io.containr.simulator.api.Router;
import io.containr.simulator.storage.Storages;
import io.containr.simulator.storage.StoredVolume;
import io.containr.simulator.task.TaskLog;
import io.containr.simulator.task.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;

/** {@code POST /nodes/{node}/vzdump}: one task for all guests named. A killed one leaves its guest locked, as a real one does. */
final class BackupEndpoint {

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyy_MM_dd-HH_mm_ss").withZone(ZoneOffset.UTC);

    private final Guests guests;
    private final Launcher launcher;
    private final Storages storages;
    private final Tasks tasks;
    private final AccessControl access;
    private final Pools pools;
    private final BackupArchive archive;
    private final Path directory;
    private final Clock clock;

    BackupEndpoint(
            Guests guests,
            Launcher launcher,
            Storages storages,
            Tasks tasks,
            AccessControl access,
            Pools pools,
            BackupArchive archive,
            Path directory,
            Clock clock) {
        this.guests = guests;
        this.launcher = launcher;
        this.storages = storages;
        this.tasks = tasks;
        this.access = access;
        this.pools = pools;
        this.archive = archive;
        this.directory = directory;
        this.clock = clock;
    }

    void addTo(Router router) {
        router.add("POST /nodes/{node}/vzdump", this::dump);
    }

    private Object dump(Call call) {
        String storage = call.text("storage", "local");
        if (!storages.require(storage).holds("backup")) {
            throw ApiException.failed("storage '" + storage + "' does not support backup content");
        }
        access.require(call.caller(), "/storage/" + storage, "Datastore.AllocateSpace");
        List<Integer> wanted = wanted(call);
        wanted.forEach(vmid -> access.require(call.caller(), "/vms/" + vmid, "VM.Backup"));
        if (wanted.isEmpty()) {
            throw ApiException.invalid("vmid", "no guests selected");
        }
        String id = wanted.size() == 1 ? String.valueOf(wanted.getFirst()) : "";
        return tasks.start(call.node(), "vzdump", id, call.caller(), log -> {
            log.line("INFO: starting new backup job: vzdump " + wanted + " --storage " + storage);
            for (int vmid : wanted) {
                guests.locked(
                        vmid,
                        () -> guests.update(
                                vmid,
                                _ -> guests.requireUnlocked(call.node(), vmid).locked("backup")));
                dumpOne(call, storage, vmid, log);
            }
            log.line("INFO: Backup job finished successfully");
        });
    }

    private List<Integer> wanted(Call call) {
        if (call.has("pool")) {
            return List.copyOf(pools.get(call.text("pool")).guests());
        }
        if (call.flag("all")) {
            return guests.all().stream()
                    .filter(guest -> guest.node().equals(call.node()))
                    .map(Guest::vmid)
                    .toList();
        }
        return Arrays.stream(call.text("vmid", "").split("[,;\\s]+"))
                .filter(text -> !text.isEmpty())
                .map(Integer::valueOf)
                .toList();
    }

    private void dumpOne(Call call, String storage, int vmid, TaskLog log) throws IOException, InterruptedException {
        Instant now = clock.instant();
        String extension = switch (call.text("compress", "0")) {
            case "zstd" -> ".tar.zst";
            case "gzip", "1" -> ".tar.gz";
            case "0" -> ".tar";
            default -> throw ApiException.failed("compressor 'lzo' is not installed");
        };
        String name = "vzdump-lxc-" + vmid + "-" + STAMP.format(now) + extension;
        Path file = directory
                .resolve("storage")
                .resolve(call.node())
                .resolve(storage)
                .resolve("backup")
                .resolve(name);
        log.line("INFO: Starting Backup of VM " + vmid + " (lxc)");
        log.line("INFO: creating vzdump archive '" + file + "'");
        Thread.sleep(tasks.backupDelay());
        try {
            Guest guest = guests.require(call.node(), vmid);
            if (launcher.state(vmid).isEmpty()) {
                launcher.prepare(guest);
            }
            Files.createDirectories(file.getParent());
            launcher.atOneMoment(guest, () -> archive.write(guest, file));
            storages.requireSpace(call.node(), storage, Files.size(file));
        } catch (InterruptedException killed) {
            Files.deleteIfExists(file);
            throw killed;
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            if (!Thread.currentThread().isInterrupted()) {
                guests.update(vmid, Guest::unlocked);
            }
            throw e;
        }
        storages.put(
                call.node(),
                new StoredVolume(
                        storage + ":backup/" + name,
                        "backup",
                        extension.substring(1),
                        Files.size(file),
                        now.getEpochSecond(),
                        vmid,
                        notes(call, guests.require(call.node(), vmid)),
                        null,
                        null,
                        file.toString()));
        guests.update(vmid, Guest::unlocked);
        log.line("INFO: Finished Backup of VM " + vmid);
    }

    private static String notes(Call call, Guest guest) {
        return call.text("notes-template", "")
                .replace("{{guestname}}", guest.hostname())
                .replace("{{vmid}}", String.valueOf(guest.vmid()))
                .replace("{{node}}", guest.node())
                .replace("{{cluster}}", "containr");
    }
}
