package io.containr.standalone;

import io.containr.agent.AgentServiceApplication;
import io.containr.local.ChildProcess;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/**
 * The programs of an installation, each a process of its own that outlives the command which starts it: platform and
 * gateway, and the services where they are not part of the platform's process.
 */
final class Programs {

    static final String PLATFORM = "platform";
    static final String GATEWAY = "gateway";

    private final Home home;

    Programs(Home home) {
        this.home = home;
    }

    Optional<ChildProcess> find(String program) {
        return ChildProcess.find(program, home.run());
    }

    /** @param makeCache whether its end may take longer so that its next start is quicker */
    ChildProcess startGateway(Layout layout, String bindAddress, boolean makeCache) {
        List<String> command = java(GATEWAY, 192);
        command.add("-XX:MaxDirectMemorySize=128m");
        addClassPath(command, GATEWAY, "gateway", makeCache);
        command.add("io.containr.gateway.GatewayApplication");
        GatewaySettings.of(home, layout, bindAddress).forEach((key, value) -> command.add("--" + key + "=" + value));
        return start(GATEWAY, command);
    }

    /** @param makeCache whether its end may take longer so that its next start is quicker */
    ChildProcess startPlatform(List<String> options, boolean makeCache) {
        List<String> command = java(PLATFORM, 512);
        command.add("-Dcontainr.root=" + home.root());
        // Seven contexts would each configure the JVM's one logging system anew; logback.xml does it once.
        command.add("-Dorg.springframework.boot.logging.LoggingSystem=none");
        // Requests of all services run on virtual threads. On as many carriers as there are processors they would get a
        // small part of them under load, beside dozens of threads that take messages.
        command.add("-Djdk.virtualThreadScheduler.parallelism=16");
        addClassPath(command, PLATFORM, "standalone", makeCache);
        command.add(Main.class.getName());
        command.add("serve");
        command.addAll(options);
        try {
            Files.createDirectories(home.run());
            Files.write(optionsFile(), options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return start(PLATFORM, command);
    }

    /** What the platform was last started with. */
    List<String> platformOptions() {
        try {
            return Files.exists(optionsFile()) ? Files.readAllLines(optionsFile()) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path optionsFile() {
        return home.run().resolve(PLATFORM + ".options");
    }

    /**
     * One service alone. Its settings hold passwords, so they are handed over in its environment.
     *
     * @param makeCache whether its end may take longer so that its next start is quicker
     */
    ChildProcess startService(Service service, Map<String, String> settings, boolean makeCache) {
        return start(
                service.name(),
                serviceCommand(service.name(), service.application(), makeCache),
                serviceEnvironment(settings));
    }

    List<String> serviceCommand(String name, Class<?> application, boolean makeCache) {
        List<String> command = java(name, 192);
        // Many processes share the machine: what a collection frees goes back to it, at once and not in steps. On a
        // large machine a heap would begin with all that it may have, and stay there.
        command.addAll(List.of(
                "-Xms32m",
                "-XX:MinHeapFreeRatio=10",
                "-XX:MaxHeapFreeRatio=20",
                "-XX:-ShrinkHeapInSteps",
                "-XX:TrimNativeHeapInterval=10000"));
        if (application == AgentServiceApplication.class) {
            // It waits for others most of the time: neither a second compiler nor room in its heap is worth what it
            // takes, nor what it could make again.
            command.addAll(List.of(
                    "-XX:TieredStopAtLevel=1",
                    "-XX:MaxNewSize=12m",
                    "-XX:MinHeapFreeRatio=5",
                    "-XX:MaxHeapFreeRatio=10",
                    "-XX:SoftRefLRUPolicyMSPerMB=10"));
        }
        addClassPath(command, name, "standalone", makeCache);
        command.add(application.getName());
        return command;
    }

    static Map<String, String> serviceEnvironment(Map<String, String> settings) {
        Map<String, String> all = new LinkedHashMap<>(settings);
        // Where nothing is packaged the class path is that of all services together, on which there are servers of two
        // kinds.
        all.put("spring.main.web-application-type", "servlet");
        return Map.of("SPRING_APPLICATION_JSON", JsonMapper.shared().writeValueAsString(all), "MALLOC_ARENA_MAX", "2");
    }

    private void addClassPath(List<String> command, String program, String module, boolean makeCache) {
        Path target = home.root().resolve(module).resolve("target");
        List<Path> classPath = new ArrayList<>(jars(target, module + "-*.jar"));
        if (classPath.size() == 1) {
            classPath.addAll(OwnClassPath.of(program, jars(target.resolve("lib"), "*.jar")));
            command.addAll(ClassCache.of(target.resolve("class-cache"), program, classPath)
                    .options(makeCache));
        } else {
            // Not packaged, or by more than one version: the classes as they were compiled last, without a cache.
            classPath = new ArrayList<>(List.of(target.resolve("classes")));
            classPath.addAll(jars(target.resolve("lib"), "*.jar"));
        }
        command.add("-cp");
        command.add(classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
    }

    /** In the same order each time, which a class cache insists on. */
    private static List<Path> jars(Path directory, String pattern) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, pattern)) {
            List<Path> found = new ArrayList<>();
            files.forEach(found::add);
            found.sort(null);
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look into " + directory, e);
        }
    }

    private List<String> java(String program, int heapMegabytes) {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
            command.add("/usr/bin/setsid");
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heapMegabytes + "m",
                "-Xss512k",
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:ErrorFile=" + home.logs().resolve(program + "-crash-%p.log"),
                "--enable-native-access=ALL-UNNAMED",
                "-Dfile.encoding=UTF-8"));
        return command;
    }

    private ChildProcess start(String program, List<String> command) {
        return start(program, command, Map.of());
    }

    private ChildProcess start(String program, List<String> command, Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("CONTAINR_HOME", home.path().toString());
        try {
            return ChildProcess.start(program, home.run(), command, all, home.log(program));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the " + program, e);
        }
    }
}
