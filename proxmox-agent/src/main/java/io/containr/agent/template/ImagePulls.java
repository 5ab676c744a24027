package io.containr.agent.template;

import io.containr.agent.AgentProperties;
import io.containr.agent.node.NodeEvents;
import io.containr.agent.node.NodeEvents.Deed;
import io.containr.agent.proxmox.Proxmox;
import io.containr.agent.proxmox.ProxmoxException;
import io.containr.agent.proxmox.ProxmoxFailure;
import io.containr.agent.proxmox.TaskStatus;
import io.containr.agent.proxmox.Upid;
import io.containr.agent.template.Templates.Key;
import io.containr.agent.template.Templates.Template;
import io.containr.contracts.build.PreparedImage;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Brings images to nodes, each once: whoever finds a pull under way follows the same task. The file is named after the
 * digest, so what lies there under that name is that image.
 */
@Component
public class ImagePulls {

    /** How long whoever begins a pull gets to note its task, before others look for it themselves. */
    private static final Duration QUIET = Duration.ofSeconds(2);

    private static final String PULL = "ociregistrypull";

    private static final Logger log = LoggerFactory.getLogger(ImagePulls.class);

    /** How the program that fetches images marks its last words. */
    private static final String PROGRAM_FAILED = "level=fatal";

    private final Templates templates;
    private final Proxmox proxmox;
    private final Clock clock;
    private final ImageUploads uploads;
    private final NodeEvents events;
    private final TransactionOperations transaction;
    private final boolean uploading;
    private final String storage;

    ImagePulls(
            Templates templates,
            Proxmox proxmox,
            ImageUploads uploads,
            NodeEvents events,
            TransactionOperations transaction,
            Clock clock,
            AgentProperties properties) {
        this.templates = templates;
        this.proxmox = proxmox;
        this.uploads = uploads;
        this.events = events;
        this.transaction = transaction;
        this.clock = clock;
        this.uploading = properties.guests().uploadImages();
        this.storage = properties.guests().templateStorage();
    }

    /** The volume id the image has, or will have, on any node. */
    public String volumeId(PreparedImage image) {
        return storage + ":vztmpl/" + fileName(image) + ".tar";
    }

    private static String fileName(PreparedImage image) {
        return "containr-" + image.digest().replace(':', '-');
    }

    /** Takes the next step, which is short: asked again until it is not {@link PullResult.Pending}. */
    public PullResult advance(String node, PreparedImage image) {
        Key key = new Key(node, storage, image.digest());
        Templates.Use use = templates.use(key, volumeId(image));
        Template template = use.template();
        return switch (template.state()) {
            case READY -> new PullResult.Ready(template.volumeId());
            case DELETING -> new PullResult.Pending();
            case PULLING -> {
                Upid task = template.task();
                if (task != null) {
                    yield follow(template, task);
                }
                if (uploading) {
                    yield uploads.advance(template, use.created(), image, fileName(image) + ".tar");
                }
                yield use.created() ? begin(template, image) : adopt(template, image);
            }
        };
    }

    private PullResult begin(Template template, PreparedImage image) {
        Key key = template.key();
        try {
            Upid task = events.begin(
                    Deed.ofImage(key.node(), PULL, template.volumeId()),
                    () -> proxmox.pullImage(key.node(), storage, image.reference(), fileName(image)));
            templates.begun(key, task);
            return new PullResult.Pending();
        } catch (ProxmoxException e) {
            if (e.is(ProxmoxFailure.EXISTS)) {
                templates.ready(key);
                return new PullResult.Ready(template.volumeId());
            }
            if (e.is(ProxmoxFailure.OUTCOME_UNKNOWN)) {
                return new PullResult.Pending();
            }
            templates.forget(key);
            return new PullResult.Failed(
                    String.valueOf(e.getMessage()), e.failure().isPassing());
        }
    }

    /** The call was made, or was about to be, when its maker was last heard of: perhaps the node knows. */
    private PullResult adopt(Template template, PreparedImage image) {
        if (template.since().plus(QUIET).isAfter(clock.instant())) {
            return new PullResult.Pending();
        }
        Key key = template.key();
        Optional<Upid> task = proxmox.findTask(key.node(), PULL, fileName(image) + ".tar", template.since());
        if (task.isPresent()) {
            templates.begun(key, task.get());
            return new PullResult.Pending();
        }
        return templates.takeOver(template) ? begin(template, image) : new PullResult.Pending();
    }

    private PullResult follow(Template template, Upid task) {
        Key key = template.key();
        TaskStatus status = proxmox.task(task).orElse(new TaskStatus.Failed("the node forgot the task"));
        return switch (status) {
            case TaskStatus.Running running -> new PullResult.Pending();
            case TaskStatus.Succeeded succeeded -> {
                ended(template, task, null);
                yield new PullResult.Ready(template.volumeId());
            }
            case TaskStatus.Failed failed -> {
                if (proxmox.templates(key.node(), storage).contains(template.volumeId())) {
                    ended(template, task, null);
                    yield new PullResult.Ready(template.volumeId());
                }
                String reason = reason(task, failed.reason());
                ended(template, task, reason);
                yield new PullResult.Failed(reason, ProxmoxFailure.ofTask(reason) != ProxmoxFailure.IMAGE_UNAVAILABLE);
            }
        };
    }

    /** Of all who follow the task, the one who notes its end tells of it. */
    private void ended(Template template, Upid task, @Nullable String failure) {
        Key key = template.key();
        Deed deed = Deed.ofImage(key.node(), task.type(), template.volumeId());
        transaction.executeWithoutResult(status -> {
            if (failure == null ? templates.ready(key, task) : templates.forget(key, task)) {
                events.ended(deed, task, failure, template.since());
            }
        });
    }

    /** The task's end names the program that failed; what the registry said to it is in the log alone. */
    private String reason(Upid task, String end) {
        try {
            return proxmox.log(task).stream()
                    .filter(line -> line.contains(PROGRAM_FAILED))
                    .reduce((earlier, later) -> later)
                    .map(line -> end + ": " + line.strip())
                    .orElse(end);
        } catch (ProxmoxException e) {
            log.info("What task {} said cannot be read: {}", task, e.getMessage());
            return end;
        }
    }

    /** What was thought to lie on the node does not. */
    public void forget(String node, PreparedImage image) {
        templates.forget(new Key(node, storage, image.digest()));
    }
}
