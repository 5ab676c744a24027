package io.containr.proxmox.conformance;

import static io.containr.proxmox.conformance.CheckFailedException.unless;

import io.containr.agent.proxmox.ProxmoxException;
import io.containr.agent.proxmox.ProxmoxFailure;
import io.containr.agent.proxmox.Upid;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Images on the node. */
final class TemplateChecks {

    static final String PULLED = "an image is pulled";

    private final Lab lab;

    TemplateChecks(Lab lab) {
        this.lab = lab;
    }

    List<Check> all() {
        return List.of(
                new Check("image", "the node reads the registry's tags", this::tags),
                new Check("image", PULLED, this::pull),
                new Check("image", "what is there is not pulled over", this::pullAgain),
                new Check("image", "an image that is not there fails its task", this::pullMissing),
                new Check("image", "a digest is no reference", this::pullDigest));
    }

    private Upid pull(String reference, String file) {
        return lab.proxmox().pullImage(lab.node(), lab.target().templateStorage(), reference, file);
    }

    private String tags() {
        JsonNode tags = lab.http()
                .get(
                        "/nodes/{node}/query-oci-repo-tags?reference={reference}",
                        lab.node(),
                        lab.image().repository());
        unless(
                tags.valueStream()
                        .anyMatch(tag -> tag.asString().equals(lab.image().run())),
                "not among the tags: " + tags);
        return tags.size() + " tags";
    }

    private String pull() throws InterruptedException {
        Upid task = pull(lab.image().reference(), lab.image().file());
        lab.succeed(task);
        List<String> templates =
                lab.proxmox().templates(lab.node(), lab.target().templateStorage());
        unless(templates.contains(lab.template()), lab.template() + " is not listed");
        return task.type() + ", " + lab.template();
    }

    private String pullAgain() throws InterruptedException {
        lab.need(PULLED);
        Upid task;
        try {
            task = pull(lab.image().reference(), lab.image().file());
        } catch (ProxmoxException e) {
            unless(e.is(ProxmoxFailure.EXISTS), "understood as " + e.failure() + ": " + e.getMessage());
            return e.failure() + ": " + e.getMessage();
        }
        return failed(task, ProxmoxFailure.EXISTS);
    }

    private String pullMissing() throws InterruptedException {
        String file = lab.image().file() + "-none";
        String reason = lab.failure(pull(lab.image().repository() + ":nosuchtag", file));
        unless(
                lab.proxmox().templates(lab.node(), lab.target().templateStorage()).stream()
                        .noneMatch(template -> template.contains(file)),
                "it is listed");
        return reason;
    }

    private String failed(Upid task, ProxmoxFailure meaning) throws InterruptedException {
        String reason = lab.failure(task);
        unless(
                ProxmoxFailure.ofTask(reason) == meaning,
                "understood as " + ProxmoxFailure.ofTask(reason) + ": " + reason);
        return meaning + ": " + reason;
    }

    private String pullDigest() {
        return Lab.refused(
                () -> pull(
                        lab.image().repository() + "@sha256:" + "0".repeat(64),
                        lab.image().file() + "-digest"),
                ProxmoxFailure.INVALID);
    }
}
