package io.containr.agent.template;

import io.containr.agent.node.NodeEvents;
import io.containr.agent.node.NodeEvents.Deed;
import io.containr.agent.proxmox.ProxmoxException;
import io.containr.agent.proxmox.ProxmoxFailure;
import io.containr.agent.proxmox.ProxmoxUploads;
import io.containr.agent.proxmox.Upid;
import io.containr.agent.template.Templates.Key;
import io.containr.agent.template.Templates.Template;
import io.containr.contracts.build.PreparedImage;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Brings images to nodes that cannot read the registry: fetched here, sent there as an archive, in the background. As long as this
 * process is at it, it says so in the table; another copy of the agent takes over what nobody is at.
 */
@Component
class ImageUploads implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(ImageUploads.class);
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(5);
    private static final Duration GIVEN_UP = Duration.ofSeconds(30);
    private static final int AT_ONCE = 4;

    private static final String COPY = "imgcopy";

    private record Upload(CompletableFuture<Upid> task, Instant since) {}

    private final ImageArchives archives;
    private final ProxmoxUploads proxmox;
    private final Templates templates;
    private final NodeEvents events;
    private final TransactionOperations transaction;
    private final Clock clock;
    private final Map<Key, Upload> running = new ConcurrentHashMap<>();
    private final Semaphore slots = new Semaphore(AT_ONCE);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    ImageUploads(
            ImageArchives archives,
            ProxmoxUploads proxmox,
            Templates templates,
            NodeEvents events,
            TransactionOperations transaction,
            Clock clock) {
        this.archives = archives;
        this.proxmox = proxmox;
        this.templates = templates;
        this.events = events;
        this.transaction = transaction;
        this.clock = clock;
    }

    /**
     * The next step of an upload without a task.
     *
     * @param own whether it is the caller's to begin it
     */
    PullResult advance(Template template, boolean own, PreparedImage image, String fileName) {
        Key key = template.key();
        Upload upload = running.get(key);
        if (upload == null) {
            boolean left = template.since().plus(GIVEN_UP).isBefore(clock.instant()) && templates.takeOver(template);
            if (own || left) {
                running.computeIfAbsent(key, missing -> begin(missing, image, fileName));
            }
            return new PullResult.Pending();
        }
        if (!upload.task().isDone()) {
            if (template.since().plus(SIGN_OF_LIFE).isBefore(clock.instant())) {
                templates.takeOver(template);
            }
            return new PullResult.Pending();
        }
        running.remove(key, upload);
        return end(template, upload);
    }

    private Upload begin(Key key, PreparedImage image, String fileName) {
        CompletableFuture<Upid> task = CompletableFuture.supplyAsync(
                () -> {
                    slots.acquireUninterruptibly();
                    try {
                        return archives.with(
                                image, archive -> proxmox.upload(key.node(), key.storage(), archive, fileName));
                    } catch (IOException e) {
                        throw new CompletionException(e);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        throw new CompletionException(e);
                    } finally {
                        slots.release();
                    }
                },
                threads);
        return new Upload(task, clock.instant());
    }

    private PullResult end(Template template, Upload upload) {
        Key key = template.key();
        try {
            templates.begun(key, upload.task().join());
            return new PullResult.Pending();
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            log.info("The image {} cannot be brought to {}: {}", key.digest(), key.node(), String.valueOf(cause));
            String reason = String.valueOf(cause.getMessage());
            ProxmoxFailure meaning = meaning(cause);
            transaction.executeWithoutResult(status -> {
                templates.forget(key);
                events.refused(Deed.ofImage(key.node(), COPY, template.volumeId()), meaning, reason, upload.since());
            });
            return new PullResult.Failed(reason, meaning.isPassing());
        }
    }

    /** What the node, or the registry that was asked in its stead, said. */
    private static ProxmoxFailure meaning(Throwable cause) {
        return switch (cause) {
            case ProxmoxException refusal -> refusal.failure();
            case ImageArchives.NotGivenException no -> ProxmoxFailure.IMAGE_UNAVAILABLE;
            default -> ProxmoxFailure.UNAVAILABLE;
        };
    }

    @Override
    public void destroy() {
        threads.shutdownNow();
    }
}
