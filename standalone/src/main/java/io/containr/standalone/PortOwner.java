package io.containr.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Which process listens on a TCP port of this machine, from Linux's {@code /proc} (see proc(5)). */
final class PortOwner {

    private static final String LISTENING = "0A";

    private PortOwner() {}

    /** Empty where nobody listens; a process of another user may stay unnamed ({@code pid} 0). */
    static Optional<Owner> of(int port) {
        Set<String> inodes = new HashSet<>();
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            inodes.addAll(listeningInodes(Path.of(table), port));
        }
        if (inodes.isEmpty()) {
            return Optional.empty();
        }
        return ProcessHandle.allProcesses()
                .filter(process -> holds(process.pid(), inodes))
                .map(process ->
                        new Owner(process.pid(), process.info().command().orElse("unknown")))
                .findFirst()
                .or(() -> Optional.of(new Owner(0, "a process of another user")));
    }

    private static Set<String> listeningInodes(Path table, int port) {
        String hexPort = ":" + String.format(Locale.ROOT, "%04X", port);
        Set<String> inodes = new HashSet<>();
        try {
            for (String line : Files.readAllLines(table)) {
                String[] columns = line.strip().split("\\s+");
                if (columns.length > 9 && columns[1].endsWith(hexPort) && columns[3].equals(LISTENING)) {
                    inodes.add("socket:[" + columns[9] + "]");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return inodes;
    }

    private static boolean holds(long pid, Set<String> inodes) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            for (Path file : files) {
                if (Files.isSymbolicLink(file)
                        && inodes.contains(Files.readSymbolicLink(file).toString())) {
                    return true;
                }
            }
        } catch (IOException e) {
            return false;
        }
        return false;
    }

    /** A process and the program it runs. */
    record Owner(long pid, String command) {}
}
