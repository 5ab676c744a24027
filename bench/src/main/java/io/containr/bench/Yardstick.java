package io.containr.bench;

import io.containr.local.Ports;
import io.containr.standalone.demo.SampleRepository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** What the bare engine takes for the same application: build, run, first 200. */
final class Yardstick {

    private static final String NAME =
            "containr-bench-yardstick-" + ProcessHandle.current().pid();

    private Yardstick() {}

    static Times measure(World world, SampleRepository repository, boolean buildKit) throws Exception {
        Times times = new Times();
        for (int i = 0; i <= world.repetitions(); i++) {
            String version = "Yardstick " + buildKit + i;
            repository.change(World.PAGE, version, version);
            int port = Ports.free();
            long start = System.nanoTime();
            docker(
                    buildKit,
                    "build",
                    "--quiet",
                    "--tag",
                    NAME,
                    "--build-arg",
                    "BASE=" + world.baseImage(),
                    repository.directory().toString());
            docker(buildKit, "run", "--detach", "--name", NAME, "--publish", "127.0.0.1:" + port + ":8080", NAME);
            try {
                world.awaitPage("http://127.0.0.1:" + port + "/", version);
                // The first one warms the engine up.
                if (i > 0) {
                    times.add(System.nanoTime() - start);
                }
            } finally {
                docker(buildKit, "rm", "--force", NAME);
            }
        }
        docker(buildKit, "rmi", "--force", NAME);
        return times;
    }

    /** Debian's own client: a newer one on the PATH may not know the engine's classic builder. */
    static void docker(boolean buildKit, String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("/usr/bin/docker");
        builder.command().addAll(List.of(arguments));
        builder.environment().put("DOCKER_BUILDKIT", buildKit ? "1" : "0");
        builder.directory(Path.of("/").toFile());
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", builder.command()) + ":\n" + output);
        }
    }
}
