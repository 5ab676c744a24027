package io.containr.project.webhook;

import io.containr.contracts.build.SourceEvent.HeadMoved;
import io.containr.contracts.project.ServiceSource;
import io.containr.project.input.WatchPaths;
import io.containr.project.services.PushTargets.PushTarget;
import io.containr.project.webhook.Told.Push;
import io.containr.project.webhook.Told.Pushes;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Whether a service is deployed because of a push. Pure. */
final class PushRules {

    private static final List<String> SKIP = List.of("[skip ci]", "[ci skip]");

    private PushRules() {}

    /** What the rules say. */
    sealed interface Verdict {

        record Deploy(Push push) implements Verdict {}

        /** The push is to the service's branch, whose head is known now, and nothing shall follow from it. */
        record Skip(Push push, String reason) implements Verdict {}

        /** The push does not concern the service. */
        record Ignore(String reason) implements Verdict {}
    }

    static Verdict judge(PushTarget service, Pushes pushes) {
        ServiceSource source = service.source();
        String url = source == null || source.type() == ServiceSource.Type.IMAGE ? null : source.repository();
        if (source == null || url == null) {
            return new Verdict.Ignore("the service is not built from a repository");
        }
        if (!isOf(url, pushes.repository())) {
            return new Verdict.Ignore("the push is to another repository than the service's");
        }
        String branch = source.branch() == null ? pushes.defaultBranch() : source.branch();
        if (branch == null) {
            return new Verdict.Ignore(
                    "the service names no branch, and the delivery does not say which is the default");
        }
        Optional<Push> fitting = pushes.heads().stream()
                .filter(push -> push.branch().equals(branch))
                .findFirst();
        if (fitting.isEmpty()) {
            return new Verdict.Ignore("the push is to another branch than " + branch);
        }
        return judge(service, fitting.get());
    }

    /** The head was found at the branch that the service had a moment ago. */
    static Verdict judge(PushTarget service, HeadMoved moved) {
        ServiceSource source = service.source();
        if (source == null
                || !moved.repository().equals(source.repository())
                || source.branch() != null && !source.branch().equals(moved.branch())) {
            return new Verdict.Ignore("the service is built from elsewhere by now");
        }
        return judge(
                service,
                new Push(moved.branch(), moved.before(), moved.commit(), moved.message(), moved.author(), null));
    }

    private static Verdict judge(PushTarget service, Push push) {
        if (push.commit() == null) {
            return new Verdict.Ignore("the branch was deleted");
        }
        String message = push.message() == null ? "" : push.message().toLowerCase(Locale.ROOT);
        if (SKIP.stream().anyMatch(message::contains)) {
            return new Verdict.Skip(push, "the commit's message says so");
        }
        List<String> files = push.files();
        if (files != null && !WatchPaths.match(service.watchPaths(), files)) {
            return new Verdict.Skip(push, "no watched path changed");
        }
        return new Verdict.Deploy(push);
    }

    /** Hosts are known by several names, and a provider may live below a path. */
    private static boolean isOf(String url, String repository) {
        String path = url.toLowerCase(Locale.ROOT).replaceFirst("/+$", "").replaceFirst("\\.git$", "");
        return path.endsWith("/" + repository) || path.endsWith(":" + repository);
    }
}
