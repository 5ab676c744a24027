package io.containr.standalone;

import io.containr.local.ChildProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The two programs of an installation, each a process of its own that outlives the command which starts it. */
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

    ChildProcess startGateway(Layout layout, String bindAddress) {
        List<String> command = java("gateway", 192);
        command.add("-XX:MaxDirectMemorySize=128m");
        command.add("-cp");
        command.add(classPath("gateway"));
        command.add("io.containr.gateway.GatewayApplication");
        GatewaySettings.of(home, layout, bindAddress).forEach((key, value) -> command.add("--" + key + "=" + value));
        return start(GATEWAY, command);
    }

    ChildProcess startPlatform(List<String> options) {
        List<String> command = java("platform", 512);
        command.add("-Dcontainr.root=" + home.root());
        // Seven contexts would each configure the JVM's one logging system anew; logback.xml does it once.
        command.add("-Dorg.springframework.boot.logging.LoggingSystem=none");
        command.add("-cp");
        command.add(classPath("standalone"));
        command.add(Main.class.getName());
        command.add("serve");
        command.addAll(options);
        return start(PLATFORM, command);
    }

    private String classPath(String module) {
        Path target = home.root().resolve(module).resolve("target");
        return target.resolve("classes") + ":" + target.resolve("lib") + "/*";
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
        try {
            return ChildProcess.start(
                    program,
                    home.run(),
                    command,
                    Map.of("CONTAINR_HOME", home.path().toString()),
                    home.log(program));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the " + program, e);
        }
    }
}
