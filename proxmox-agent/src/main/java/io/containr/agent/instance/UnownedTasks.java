package io.containr.agent.instance;

import io.containr.agent.AgentProperties;
import io.containr.agent.node.NodeEvents;
import io.containr.agent.node.NodeEvents.Deed;
import io.containr.agent.proxmox.Proxmox;
import io.containr.agent.proxmox.ProxmoxException;
import io.containr.agent.proxmox.ProxmoxFailure;
import io.containr.agent.proxmox.TaskLooks;
import io.containr.agent.proxmox.TaskStatus;
import io.containr.agent.proxmox.Upid;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Tasks on guests of ours that no instance owns, one at a time for each guest. The intention is stored before the call, so that the
 * end of each is told once, also by whoever comes after a crash.
 */
@Component
class UnownedTasks {

    private static final Logger log = LoggerFactory.getLogger(UnownedTasks.class);

    private final JdbcClient jdbc;
    private final Proxmox proxmox;
    private final NodeEvents events;
    private final Clock clock;
    private final Duration patience;

    UnownedTasks(JdbcClient jdbc, Proxmox proxmox, NodeEvents events, AgentProperties properties, Clock clock) {
        this.jdbc = jdbc;
        this.proxmox = proxmox;
        this.events = events;
        this.clock = clock;
        this.patience = properties.timeouts().task();
    }

    /**
     * Begins what is to be done to the deed's guest, unless something is being done to it.
     *
     * @throws ProxmoxException if the node refuses, which was told, or its answer was lost
     */
    void begin(Deed deed, Supplier<Upid> call) {
        int vmid = Objects.requireNonNull(deed.vmid(), "it is about a guest");
        if (!intend(vmid, deed)) {
            return;
        }
        Upid upid;
        try {
            upid = events.begin(deed, call);
        } catch (ProxmoxException e) {
            if (!e.is(ProxmoxFailure.OUTCOME_UNKNOWN)) {
                forget(vmid);
            }
            throw e;
        }
        begun(vmid, upid);
    }

    /** Tells of those that have ended. */
    void follow() {
        for (Unowned task : all()) {
            try {
                if (task.upid() == null) {
                    find(task);
                } else {
                    follow(task, task.upid());
                }
            } catch (ProxmoxException e) {
                log.warn(
                        "What became of {} of guest {} is not known yet: {}", task.type(), task.vmid(), e.getMessage());
            }
        }
    }

    private void find(Unowned task) {
        Optional<Upid> begun = proxmox.findTask(task.node(), task.type(), Integer.toString(task.vmid()), task.since());
        if (begun.isPresent()) {
            begun(task.vmid(), begun.get());
            follow(task, begun.get());
        } else if (!TaskLooks.mayShowUp(task.since(), clock.instant())) {
            forget(task.vmid());
        }
    }

    private void follow(Unowned task, Upid upid) {
        switch (proxmox.task(upid).orElse(new TaskStatus.Failed("the node forgot the task"))) {
            case TaskStatus.Running running -> {
                if (!task.since().plus(patience).isAfter(clock.instant())) {
                    proxmox.abort(upid);
                }
            }
            case TaskStatus.Succeeded succeeded -> ended(task, upid, null);
            case TaskStatus.Failed failed -> ended(task, upid, failed.reason());
        }
    }

    private void ended(Unowned task, Upid upid, @Nullable String failure) {
        Deed deed = new Deed(task.node(), task.vmid(), null, task.type(), task.subject());
        events.ended(deed, upid, failure, task.since(), () -> forget(task.vmid()));
    }

    private boolean intend(int vmid, Deed deed) {
        return jdbc.sql("""
                        insert into unowned_task (vmid, node, type, subject, since)
                        values (:vmid, :node, :type, :subject, :now) on conflict do nothing""")
                        .param("vmid", vmid)
                        .param("node", deed.node())
                        .param("type", deed.type())
                        .param("subject", deed.subject())
                        .param("now", Timestamp.from(clock.instant()))
                        .update()
                == 1;
    }

    private void begun(int vmid, Upid upid) {
        jdbc.sql("update unowned_task set upid = :upid where vmid = :vmid")
                .param("upid", upid.value())
                .param("vmid", vmid)
                .update();
    }

    private boolean forget(int vmid) {
        return jdbc.sql("delete from unowned_task where vmid = :vmid")
                        .param("vmid", vmid)
                        .update()
                == 1;
    }

    private List<Unowned> all() {
        return jdbc.sql("select * from unowned_task order by since, vmid")
                .query(UnownedTasks::unowned)
                .list();
    }

    private static Unowned unowned(ResultSet rs, int row) throws SQLException {
        String upid = rs.getString("upid");
        return new Unowned(
                rs.getInt("vmid"),
                rs.getString("node"),
                rs.getString("type"),
                rs.getString("subject"),
                upid == null ? null : new Upid(upid),
                rs.getTimestamp("since").toInstant());
    }

    private record Unowned(
            int vmid,
            String node,
            String type,
            String subject,
            @Nullable Upid upid,
            Instant since) {}
}
