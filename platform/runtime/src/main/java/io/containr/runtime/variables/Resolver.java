package io.containr.runtime.variables;

import io.containr.runtime.variables.Template.MalformedReferenceException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Puts in the place of references what they stand for, at any depth. Says of what it cannot resolve why, without a word of
 * any value. For one thread and one state of a project: what was resolved once is not looked at again.
 */
public final class Resolver {

    /** In bytes; what is larger is refused, so that values that refer to each other twice over cannot fill the memory. */
    public static final int LARGEST_VALUE = 32 * 1024;

    private static final int DEEPEST = 50;
    private static final int MOST_PROBLEMS = 20;
    private static final Set<String> OF_ONE_DEPLOYMENT =
            Set.of(ProvidedVariables.GIT_COMMIT_SHA, ProvidedVariables.DEPLOYMENT_ID);

    private final Scope scope;
    private final Map<Node, Outcome> known = new HashMap<>();
    private final List<Node> path = new ArrayList<>();

    public Resolver(Scope scope) {
        this.scope = scope;
    }

    /**
     * The value of a variable.
     *
     * @throws UnresolvableException saying why it has none
     */
    public String resolve(Owner owner, String name) {
        Node node = new Node(owner, name);
        return text(node, () -> outcome(node));
    }

    /**
     * What a text of the owner's comes to, under a name that means something else to others.
     *
     * @throws UnresolvableException saying why it comes to nothing
     */
    public String resolve(Owner owner, String name, String text) {
        return text(new Node(owner, name), () -> written(owner, text));
    }

    private String text(Node node, Supplier<Outcome> work) {
        Outcome outcome;
        try {
            outcome = work.get();
        } catch (TooDeepException e) {
            path.clear();
            outcome = broken("is more than " + DEEPEST + " references deep");
        }
        return switch (outcome) {
            case Value value -> value.text();
            case Broken broken -> throw new UnresolvableException(broken.describe(node));
        };
    }

    private Outcome outcome(Node node) {
        Outcome before = known.get(node);
        if (before != null) {
            return before;
        }
        int start = path.indexOf(node);
        if (start >= 0) {
            return new Broken(List.of(new Cycle(path.subList(start, path.size()))));
        }
        if (path.size() > DEEPEST) {
            throw new TooDeepException();
        }
        path.add(node);
        Outcome outcome = switch (scope.find(node.owner(), node.name())) {
            case null -> broken(missing(node.owner(), node.name()));
            case Definition.Given given -> new Value(given.value());
            case Definition.Unknown unknown -> broken(unknown.reason());
            case Definition.Written written -> written(node.owner(), written.text());
        };
        path.removeLast();
        known.put(node, outcome);
        return outcome;
    }

    private Outcome written(Owner owner, String text) {
        if (Template.isPlain(text)) {
            return new Value(text);
        }
        List<Template.Part> parts;
        try {
            parts = Template.parse(text).parts();
        } catch (MalformedReferenceException e) {
            return broken(e.problem());
        }
        StringBuilder whole = new StringBuilder();
        List<Problem> problems = new ArrayList<>();
        int size = 0;
        for (Template.Part part : parts) {
            String piece = switch (part) {
                case Template.Text plain -> plain.text();
                case Reference reference -> value(owner, reference, problems);
            };
            whole.append(piece);
            size += piece.getBytes(StandardCharsets.UTF_8).length;
            if (size > LARGEST_VALUE) {
                return broken("is larger than " + LARGEST_VALUE / 1024 + " KiB with its references resolved");
            }
        }
        return problems.isEmpty() ? new Value(whole.toString()) : new Broken(problems);
    }

    /** Empty where a problem was noted. */
    private String value(Owner from, Reference reference, List<Problem> problems) {
        Owner owner = reference.owner() == null ? from : scope.owner(reference.owner());
        Outcome outcome = owner == null
                ? broken("the project has no service named " + Objects.toString(reference.owner()))
                : outcome(new Node(owner, reference.name()));
        switch (outcome) {
            case Value value -> {
                return value.text();
            }
            case Broken broken -> {
                Problem problem = broken.gravest().seenBy(reference);
                if (problems.size() < MOST_PROBLEMS && !problems.contains(problem)) {
                    problems.add(problem);
                }
                return "";
            }
        }
    }

    private static String missing(Owner owner, String name) {
        if (OF_ONE_DEPLOYMENT.contains(name)) {
            return name + " differs from deployment to deployment and cannot be referred to";
        }
        return owner.equals(Owner.SHARED)
                ? "the project shares no variable named " + name
                : owner.name() + " has no variable named " + name;
    }

    private static Broken broken(String reason) {
        return new Broken(List.of(new Missing(List.of(), reason)));
    }

    private record Node(Owner owner, String name) {

        @Override
        public String toString() {
            return owner.name() + "." + name;
        }
    }

    private sealed interface Outcome {}

    private record Value(String text) implements Outcome {}

    private record Broken(List<Problem> problems) implements Outcome {

        /** One for each reference is enough: all of them would double with every step. */
        Problem gravest() {
            return problems.stream()
                    .filter(problem -> problem instanceof Cycle)
                    .findFirst()
                    .orElse(problems.getFirst());
        }

        String describe(Node node) {
            return problems.stream().map(problem -> problem.describe(node)).collect(Collectors.joining("; "));
        }
    }

    private sealed interface Problem {

        Problem seenBy(Reference reference);

        String describe(Node node);
    }

    /** @param via references that lead to what is missing, nearest first */
    private record Missing(List<Reference> via, String reason) implements Problem {

        @Override
        public Problem seenBy(Reference reference) {
            List<Reference> longer = new ArrayList<>(via);
            longer.addFirst(reference);
            return new Missing(longer, reason);
        }

        @Override
        public String describe(Node node) {
            return via.isEmpty()
                    ? reason
                    : "refers to "
                            + via.stream().map(Reference::toString).collect(Collectors.joining(", which refers to "))
                            + ": "
                            + reason;
        }
    }

    private record Cycle(List<Node> nodes) implements Problem {

        private Cycle {
            nodes = List.copyOf(nodes);
        }

        @Override
        public Problem seenBy(Reference reference) {
            return this;
        }

        @Override
        public String describe(Node node) {
            int own = Math.max(nodes.indexOf(node), 0);
            List<Node> round = new ArrayList<>(nodes.subList(own, nodes.size()));
            round.addAll(nodes.subList(0, own));
            round.add(round.getFirst());
            return (nodes.contains(node) ? "is part of the cycle " : "leads to the cycle ")
                    + round.stream().map(Node::toString).collect(Collectors.joining(" → "));
        }
    }

    /** Says why a variable has no value, in words for its owner. */
    public static final class UnresolvableException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        UnresolvableException(String problem) {
            super(problem);
        }

        public String problem() {
            return String.valueOf(getMessage());
        }
    }

    private static final class TooDeepException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private TooDeepException() {
            super(null, null, false, false);
        }
    }
}
