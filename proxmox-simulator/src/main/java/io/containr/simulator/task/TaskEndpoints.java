package io.containr.simulator.task;

import io.containr.simulator.access.AccessControl;
import io.containr.simulator.access.Caller;
import io.containr.simulator.api.Call;
import io.containr.simulator.api.Paged;
import io.containr.simulator.api.Router;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Tasks by API. A caller sees its own tasks; others need Sys.Audit on the node. */
public final class TaskEndpoints {

    private final Tasks tasks;
    private final AccessControl access;

    public TaskEndpoints(Tasks tasks, AccessControl access) {
        this.tasks = tasks;
        this.access = access;
    }

    public void addTo(Router router) {
        router.add("GET /nodes/{node}/tasks", this::list)
                .add("GET /cluster/tasks", this::recent)
                .add(
                        "GET /nodes/{node}/tasks/{upid}/status",
                        call -> visible(call).status())
                .add("GET /nodes/{node}/tasks/{upid}/log", this::log)
                .add("DELETE /nodes/{node}/tasks/{upid}", this::stop);
    }

    private Object list(Call call) {
        Predicate<Task> wanted = source(call.text("source", "archive"))
                .and(task -> task.upid().node().equals(call.node()))
                .and(task -> mayRead(call.caller(), task))
                .and(task -> !call.has("typefilter") || task.upid().type().equals(call.text("typefilter")))
                .and(task -> !call.has("vmid") || task.upid().id().equals(call.text("vmid")))
                .and(task ->
                        !call.has("userfilter") || task.upid().caller().id().contains(call.text("userfilter")))
                .and(task -> task.upid().startTime() >= call.number("since", 0))
                .and(task -> task.upid().startTime() <= call.number("until", Long.MAX_VALUE))
                .and(task -> !call.flag("errors") || failed(task))
                .and(task -> statusMatches(call.optional("statusfilter"), task));
        List<Task> found = tasks.newestFirst().stream().filter(wanted).toList();
        List<Map<String, Object>> page = found.stream()
                .skip(call.number("start", 0))
                .limit(call.number("limit", 50))
                .map(Task::listed)
                .toList();
        return new Paged(found.size(), page);
    }

    private static Predicate<Task> source(String source) {
        return switch (source) {
            case "active" -> Task::running;
            case "all" -> _ -> true;
            default -> task -> !task.running();
        };
    }

    private static boolean failed(Task task) {
        String exit = task.exit();
        return exit != null && !exit.equals("OK");
    }

    private static boolean statusMatches(@Nullable String filter, Task task) {
        if (filter == null) {
            return true;
        }
        String exit = task.exit();
        String kind;
        if (exit == null || exit.equals(Task.UNEXPECTED)) {
            kind = "unknown";
        } else if (exit.equals("OK")) {
            kind = "ok";
        } else {
            kind = exit.startsWith("WARNINGS: ") ? "warning" : "error";
        }
        return List.of(filter.split("[,;\\s]+")).contains(kind);
    }

    private Object recent(Call call) {
        return tasks.newestFirst().stream()
                .filter(task -> mayRead(call.caller(), task))
                .limit(25)
                .map(Task::listed)
                .toList();
    }

    private Object log(Call call) {
        List<String> lines = visible(call).log().lines();
        long start = call.number("start", 0);
        List<Map<String, Object>> page = new ArrayList<>();
        long limit = call.number("limit", 50);
        for (long i = start; i < lines.size() && (limit == 0 || i < start + limit); i++) {
            page.add(Map.of("n", i + 1, "t", lines.get((int) i)));
        }
        return new Paged(lines.size(), page);
    }

    private @Nullable Object stop(Call call) {
        Task task = tasks.find(call.node(), call.text("upid"));
        if (!own(call.caller(), task)) {
            access.require(call.caller(), "/nodes/" + call.node(), "Sys.Modify");
        }
        tasks.stop(task);
        return null;
    }

    private Task visible(Call call) {
        Task task = tasks.find(call.node(), call.text("upid"));
        if (!own(call.caller(), task)) {
            access.require(call.caller(), "/nodes/" + call.node(), "Sys.Audit");
        }
        return task;
    }

    private boolean mayRead(Caller caller, Task task) {
        return own(caller, task)
                || access.allowed(caller, "/nodes/" + task.upid().node(), "Sys.Audit");
    }

    /** A user sees what their tokens did; a token sees its own tasks alone. */
    private static boolean own(Caller caller, Task task) {
        Caller owner = task.upid().caller();
        return caller.token() == null
                ? caller.user().equals(owner.user())
                : caller.id().equals(owner.id());
    }
}
