package io.containr.simulator.fault;

import io.containr.simulator.api.ApiException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The faults in force. Each call or task takes the first fault that fits and uses one of its times up; what concerns nodes, storages and
 * quorum stays until it is taken back. Safe for use by several threads; nothing here outlives the process.
 */
public final class Faults {

    private final List<CallFault> calls = new ArrayList<>();
    private final List<TaskFault> tasks = new ArrayList<>();
    private final Set<String> offline = ConcurrentHashMap.newKeySet();
    private final Set<String> maintained = ConcurrentHashMap.newKeySet();
    private final Set<String> full = ConcurrentHashMap.newKeySet();
    private volatile boolean quorate = true;

    public void add(CallFault fault) {
        synchronized (calls) {
            calls.add(fault);
        }
    }

    public void add(TaskFault fault) {
        synchronized (tasks) {
            tasks.add(fault);
        }
    }

    /** The other nodes no longer reach this one; its guests run on. */
    public void nodeOffline(String node) {
        offline.add(node);
    }

    public void nodeOnline(String node) {
        offline.remove(node);
    }

    public boolean online(String node) {
        return !offline.contains(node);
    }

    /** An administrator takes the node out of service for a while; it works on. */
    public void maintenance(String node, boolean on) {
        if (on) {
            maintained.add(node);
        } else {
            maintained.remove(node);
        }
    }

    public boolean maintained(String node) {
        return maintained.contains(node);
    }

    /** Without a quorum nothing can be changed. */
    public void quorum(boolean present) {
        quorate = present;
    }

    public boolean quorate() {
        return quorate;
    }

    /** On a full storage nothing can be allocated, on any node. */
    public void storageFull(String storage, boolean isFull) {
        if (isFull) {
            full.add(storage);
        } else {
            full.remove(storage);
        }
    }

    public boolean full(String storage) {
        return full.contains(storage);
    }

    /** Everything works again. */
    public void clear() {
        synchronized (calls) {
            calls.clear();
        }
        synchronized (tasks) {
            tasks.clear();
        }
        offline.clear();
        maintained.clear();
        full.clear();
        quorate = true;
    }

    /** How many faults for calls and tasks have not struck yet. */
    public int waiting() {
        synchronized (calls) {
            synchronized (tasks) {
                return calls.size() + tasks.size();
            }
        }
    }

    /** For changes of the cluster's configuration. */
    public void requireQuorum() {
        if (!quorate) {
            throw ApiException.failed("cluster not ready - no quorum?");
        }
    }

    /** Takes the fault that hits this call, if any. */
    public Optional<CallFault> takeCall(String method, String path) {
        synchronized (calls) {
            for (Iterator<CallFault> left = calls.iterator(); left.hasNext(); ) {
                CallFault fault = left.next();
                if (fault.matches(method, path)) {
                    left.remove();
                    if (fault.times() > 1) {
                        calls.addFirst(new CallFault(
                                fault.method(), fault.path(), fault.times() - 1, fault.applied(), fault.behaviour()));
                    }
                    return Optional.of(fault);
                }
            }
            return Optional.empty();
        }
    }

    /** Takes the fault that hits this task, if any. */
    public Optional<TaskFault> takeTask(String type, String id) {
        synchronized (tasks) {
            for (Iterator<TaskFault> left = tasks.iterator(); left.hasNext(); ) {
                TaskFault fault = left.next();
                if (fault.matches(type, id)) {
                    left.remove();
                    if (fault.times() > 1) {
                        tasks.addFirst(new TaskFault(
                                fault.type(), fault.id(), fault.times() - 1, fault.behaviour(), fault.message()));
                    }
                    return Optional.of(fault);
                }
            }
            return Optional.empty();
        }
    }
}
