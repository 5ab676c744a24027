package io.containr.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the figures were measured on. */
record Machine(String processor, int cores, long memoryMegabytes, String system, String java) {

    static Machine here() throws IOException {
        return new Machine(
                word("/proc/cpuinfo", "model name"),
                Runtime.getRuntime().availableProcessors(),
                Long.parseLong(word("/proc/meminfo", "MemTotal").split(" ")[0]) / 1024,
                word("/etc/os-release", "PRETTY_NAME") + ", Linux " + System.getProperty("os.version"),
                Runtime.version().toString());
    }

    private static String word(String file, String key) throws IOException {
        return Files.readAllLines(Path.of(file)).stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length())
                        .replaceFirst("^[\\s:=]+", "")
                        .replace("\"", ""))
                .findFirst()
                .orElse("unknown");
    }
}
