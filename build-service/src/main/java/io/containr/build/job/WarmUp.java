package io.containr.build.job;

import io.containr.build.engine.EngineImages;
import io.containr.build.failure.BuildFailedException;
import io.containr.build.image.ImagePreparation;
import io.containr.build.source.GitSource;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Goes once the way of a build, without building: whoever comes first then waits less, and what builds will miss stands in
 * the log before somebody asks for one.
 */
@Component
class WarmUp {

    private static final Logger log = LoggerFactory.getLogger(WarmUp.class);

    private final GitSource git;
    private final EngineImages engine;
    private final ImagePreparation preparation;

    WarmUp(GitSource git, EngineImages engine, ImagePreparation preparation) {
        this.git = git;
        this.engine = engine;
        this.preparation = preparation;
    }

    @EventListener(ApplicationReadyEvent.class)
    void start() {
        Thread.ofVirtual().name("build-warm-up").start(this::run);
    }

    private void run() {
        try {
            git.warmUp();
            engine.ping();
        } catch (RuntimeException e) {
            log.warn("The build engine does not answer; Dockerfiles cannot be built: {}", e.toString());
        }
        try {
            preparation.warmUp();
        } catch (IOException | BuildFailedException | RuntimeException e) {
            log.warn("The registry does not answer; nothing can be built: {}", e.toString());
        }
    }
}
