package io.containr.agent.firewall;

import io.containr.agent.AgentProperties;
import io.containr.agent.node.NodeEvents;
import io.containr.agent.node.NodeEvents.Deed;
import io.containr.agent.proxmox.FirewallRule;
import io.containr.agent.proxmox.ProxmoxException;
import io.containr.agent.proxmox.ProxmoxFailure;
import io.containr.agent.proxmox.ProxmoxFirewall;
import io.containr.contracts.agent.AgentEvent;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ProjectId;
import io.containr.runtime.work.Next;
import io.containr.runtime.work.Work;
import io.containr.runtime.work.WorkQueue;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The firewall of each guest. Its rules are put before its first start and never change; whom it lets in, its own project and the networks
 * that its specification names, is a set in its firewall, which follows as instances of the project come and go: a look compares what each guest was told with
 * what is true now. One worker at a time has a project.
 */
@Component
public class GuestFirewalls {

    private static final Logger log = LoggerFactory.getLogger(GuestFirewalls.class);
    private static final Duration PAUSE = Duration.ofSeconds(10);

    /** So long a guest waits to be let in by the others; they may be on a node that does not answer. */
    private static final Duration KNOWN_WITHIN = Duration.ofSeconds(3);

    private static final String TYPE = "firewall";
    private static final Duration POLL = Duration.ofMillis(20);

    private final ProxmoxFirewall proxmox;
    private final FirewallPlan plan;
    private final KeptAddresses kept;
    private final FirewallTable table;
    private final WorkQueue firewallQueue;
    private final NodeEvents events;
    private final boolean on;

    /** What each guest was last refused with, to tell it once: a node may be away for days. */
    private final Map<InstanceId, ProxmoxFailure> refusals = new ConcurrentHashMap<>();

    GuestFirewalls(
            ProxmoxFirewall proxmox,
            FirewallPlan plan,
            KeptAddresses kept,
            FirewallTable table,
            WorkQueue firewallQueue,
            NodeEvents events,
            AgentProperties properties) {
        this.proxmox = proxmox;
        this.plan = plan;
        this.kept = kept;
        this.table = table;
        this.firewallQueue = firewallQueue;
        this.events = events;
        this.on = properties.guests().firewall();
    }

    /**
     * Puts the rules of a guest that has never run, and has the others of its project let it in.
     *
     * @param spec of the instance: whom it lets in beside its project, and whether it is to reach nothing but the agent
     */
    public void protect(AgentEvent.Instance instance, String node, int vmid, String address, InstanceSpec spec) {
        if (!on) {
            return;
        }
        changed(instance.project());
        List<String> members = table.members(instance.project());
        List<FirewallRule> rules = spec.runsIsolated() ? plan.isolating() : plan.rules(kept.all());
        events.run(
                new Deed(node, vmid, instance.service(), TYPE, "rules"),
                () -> proxmox.protect(
                        node,
                        vmid,
                        rules,
                        FirewallPlan.PROJECT,
                        FirewallPlan.callers(members, spec.admittedNetworks())),
                () -> table.tell(instance.id(), instance.project(), members, spec.admittedNetworks()));
        awaitAdmission(instance, address);
    }

    private void awaitAdmission(AgentEvent.Instance instance, String address) {
        long end = System.nanoTime() + KNOWN_WITHIN.toNanos();
        while (table.isStrange(address, instance.project())) {
            if (System.nanoTime() > end) {
                log.warn("Not every guest of project {} lets {} in yet", instance.project(), address);
                return;
            }
            try {
                Thread.sleep(POLL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** An instance of the project has got an address, has lost it, or is to let others in. */
    public void changed(ProjectId project) {
        if (on) {
            firewallQueue.wake(project);
        }
    }

    /** The guest of an instance is gone; joins the caller's transaction. */
    public void gone(InstanceId instance, ProjectId project) {
        table.forget(instance);
        refusals.remove(instance);
        changed(project);
    }

    Next look(Work work) {
        ProjectId project = ProjectId.of(work.key());
        List<String> members = table.members(project);
        boolean complete = true;
        for (FirewallTable.Told guest : table.told(project)) {
            if (!guest.members().equals(members) || !guest.admitted().equals(guest.toAdmit())) {
                complete &= admit(project, guest, members);
            }
        }
        return complete ? Next.done() : Next.after(PAUSE);
    }

    private boolean admit(ProjectId project, FirewallTable.Told guest, List<String> members) {
        try {
            events.run(
                    new Deed(guest.node(), guest.vmid(), guest.service(), TYPE, FirewallPlan.PROJECT),
                    () -> proxmox.admit(
                            guest.node(),
                            guest.vmid(),
                            FirewallPlan.PROJECT,
                            FirewallPlan.callers(members, guest.toAdmit())),
                    () -> table.tell(guest.instance(), project, members, guest.toAdmit()),
                    refusal -> refusals.put(guest.instance(), refusal.failure()) != refusal.failure());
            refusals.remove(guest.instance());
            return true;
        } catch (ProxmoxException e) {
            log.warn(
                    "The guest {} on {} is not told who its project is: {}",
                    guest.vmid(),
                    guest.node(),
                    e.getMessage());
            return false;
        }
    }

    /** What no change told of: nodes that came, and guests that were away. */
    void sweep() {
        if (on) {
            kept.refresh();
            table.outdated().forEach(this::changed);
        }
    }
}
