package io.containr.agent.session;

import io.containr.contracts.ids.InstanceId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** The last lines of each application, in memory only: what a report of a failure shows. */
@Component
public class RecentLines {

    private static final int LINES = 20;
    private static final int LONGEST_LINE = 1000;

    private final Map<InstanceId, Deque<String>> lines = new ConcurrentHashMap<>();

    /** Oldest first; empty where none came since this process started. */
    public List<String> of(InstanceId instance) {
        Deque<String> known = lines.get(instance);
        if (known == null) {
            return List.of();
        }
        synchronized (known) {
            return List.copyOf(known);
        }
    }

    void add(InstanceId instance, List<String> texts) {
        Deque<String> known = lines.computeIfAbsent(instance, ignored -> new ArrayDeque<>(LINES));
        synchronized (known) {
            for (String text : texts) {
                if (known.size() == LINES) {
                    known.removeFirst();
                }
                known.addLast(text.length() <= LONGEST_LINE ? text : text.substring(0, LONGEST_LINE) + "…");
            }
        }
    }

    /** Forgets an instance that is gone. */
    public void forget(InstanceId instance) {
        lines.remove(instance);
    }
}
