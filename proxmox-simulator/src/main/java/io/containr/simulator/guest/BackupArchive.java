package io.containr.simulator.guest;

import io.containr.simulator.engine.Engine;
import io.containr.simulator.program.Programs;
import io.containr.simulator.storage.Storages;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.io.file.PathUtils;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * A backup: the configuration, a tar of the root file system and the content of each mount point that is backed up, packed by {@code tar}
 * and compressed as the archive's name says, as a node does it.
 */
final class BackupArchive {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final String CONFIG = "pct.json";
    private static final String ROOT = "rootfs.tar";
    private static final String STAGE = "backup";
    private static final String IN = "--directory=";

    /** Owners by number, as another root file system knows other names; attributes such as a program's capabilities. */
    private static final List<String> FAITHFULLY =
            List.of("--numeric-owner", "--xattrs", "--xattrs-include=*", "--acls");

    private final Engine engine;
    private final Storages storages;
    private final Path temporary;

    BackupArchive(Engine engine, Storages storages, Path temporary) {
        this.engine = engine;
        this.storages = storages;
        this.temporary = temporary;
    }

    /** After an earlier life that was cut off: what still packs or unpacks is ended, and what it worked in goes. Volumes stay. */
    static void endLeftovers(Path temporary) throws IOException {
        String begun = IN + temporary.resolve(STAGE);
        ProcessHandle.allProcesses()
                .filter(program -> Stream.of(program.info().arguments().orElse(new String[0]))
                        .anyMatch(argument -> argument.startsWith(begun)))
                .forEach(program -> {
                    program.destroyForcibly();
                    program.onExit().join();
                });
        try (DirectoryStream<Path> stages = Files.newDirectoryStream(temporary, STAGE + "*")) {
            for (Path stage : stages) {
                PathUtils.deleteDirectory(stage);
            }
        }
    }

    @FunctionalInterface
    private interface Work {
        void in(Path stage) throws IOException, InterruptedException;
    }

    /** In a directory that is gone afterwards. Links in it stand for volumes, which stay. */
    private void staged(Work work) throws IOException, InterruptedException {
        Path stage = Files.createTempDirectory(temporary, STAGE);
        try {
            work.in(stage);
        } finally {
            PathUtils.deleteDirectory(stage);
        }
    }

    /** The guest must have a container. */
    void write(Guest guest, Path target) throws IOException, InterruptedException {
        staged(stage -> {
            List<String> members = new ArrayList<>(List.of(CONFIG, ROOT));
            Files.write(
                    stage.resolve(CONFIG),
                    MAPPER.writeValueAsBytes(guest.unlocked().config()));
            try (InputStream root = engine.containers().export(guest.vmid())) {
                Files.copy(root, stage.resolve(ROOT));
            }
            for (Map.Entry<String, MountPoint> mount : guest.mounts().entrySet()) {
                if (mount.getValue().backedUp()) {
                    link(stage, mount.getKey(), backing(guest, mount.getValue()));
                    members.add(mount.getKey() + "/.");
                }
            }
            tar(stage, target, "--create", members);
        });
    }

    private String backing(Guest guest, MountPoint mount) {
        return storages.find(guest.node(), mount.volume())
                .map(volume -> Objects.requireNonNull(volume.volume()))
                .orElseThrow();
    }

    private void link(Path stage, String mount, String volume) throws IOException {
        Files.createSymbolicLink(stage.resolve(mount), engine.volumes().directory(volume));
    }

    private static void tar(Path stage, Path archive, String operation, List<String> members, String... options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("tar", operation, "--auto-compress"));
        command.add("--file=" + archive.toAbsolutePath());
        command.add(IN + stage);
        command.addAll(FAITHFULLY);
        command.addAll(List.of(options));
        command.addAll(members);
        Programs.complete(command, Map.of());
    }

    /** One of the members at an archive's beginning; what follows it is not read. */
    private static Path first(Path stage, Path archive, String member) throws IOException, InterruptedException {
        tar(stage, archive, "--extract", List.of(member), "--occurrence=1");
        return stage.resolve(member);
    }

    /** What the guest was, with the volumes that it had. */
    Map<String, String> config(Path archive) throws IOException, InterruptedException {
        Map<String, String> config = new TreeMap<>();
        staged(stage -> config.putAll(
                MAPPER.readValue(first(stage, archive, CONFIG), new TypeReference<Map<String, String>>() {})));
        return config;
    }

    /**
     * The root file system as an image.
     *
     * @param held for the caller
     */
    record Root(String held, long bytes) {}

    /** Fills new volumes, by mount point, with what was backed up, others stay empty; in one go with the root file system. */
    Root unpack(Path archive, Map<String, String> volumes) throws IOException, InterruptedException {
        Map<String, String> config = config(archive);
        Root[] root = new Root[1];
        staged(stage -> {
            List<String> members = new ArrayList<>(List.of(ROOT));
            for (Map.Entry<String, String> volume : volumes.entrySet()) {
                String backedUp = config.get(volume.getKey());
                if (backedUp != null && MountPoint.parse(backedUp).backedUp()) {
                    link(stage, volume.getKey(), volume.getValue());
                    members.add(volume.getKey());
                }
            }
            if (members.size() > 1) {
                tar(stage, archive, "--extract", members, "--keep-directory-symlink");
            } else {
                first(stage, archive, ROOT);
            }
            Path tar = stage.resolve(ROOT);
            long bytes = Files.size(tar);
            root[0] = new Root(engine.images().importLater(tar), bytes);
        });
        return root[0];
    }
}
