package io.containr.standalone;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The platform's own process: everything but the gateway. Started by {@code up}, not by hand. */
@Command(name = "serve", hidden = true)
final class ServeCommand implements Callable<Integer> {

    private static final Logger log = LoggerFactory.getLogger(ServeCommand.class);

    @Mixin
    private PlatformOptions options = new PlatformOptions();

    @Override
    public Integer call() throws InterruptedException {
        Home home = Home.find();
        Layout layout = Layout.of(home, false);
        Progress progress = new Progress(home, new PrintWriter(System.out, true, StandardCharsets.UTF_8));
        CountDownLatch stopped = new CountDownLatch(1);
        Platform platform = new Platform(home, layout, progress, options);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            platform.close();
            stopped.countDown();
        }));
        try {
            platform.start();
        } catch (Exception e) {
            log.error("The platform does not start", e);
            progress.failed(String.valueOf(e.getMessage()));
            return 1;
        }
        progress.step(Progress.READY);
        stopped.await();
        return 0;
    }
}
