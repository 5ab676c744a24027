package io.containr.agent.instance;

import io.containr.agent.AgentProperties;
import io.containr.agent.firewall.GuestFirewalls;
import io.containr.agent.instance.PendingTask.Kind;
import io.containr.agent.placement.AddressPool;
import io.containr.agent.placement.Placement;
import io.containr.agent.proxmox.GuestChange;
import io.containr.agent.proxmox.GuestConfig;
import io.containr.agent.proxmox.GuestPlan;
import io.containr.agent.proxmox.Proxmox;
import io.containr.agent.session.Application;
import io.containr.agent.session.CommandLine;
import io.containr.agent.session.GuestAccess;
import io.containr.agent.template.ImagePulls;
import io.containr.agent.template.PullResult;
import io.containr.contracts.Failure;
import io.containr.contracts.agent.InstanceSpec;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedSet;
import org.springframework.stereotype.Component;

/** Does what was decided. Every step may be cut off anywhere and done again. */
@Component
class Executor {

    private static final String PID_1 = "/.containr/init";
    private static final Duration POLL = Duration.ofMillis(25);
    private static final Duration SLOWEST_PULL_POLL = Duration.ofMillis(500);
    private static final Duration SLOWEST_PROBE = Duration.ofMillis(250);
    private static final Duration ONE_PULL_WAIT = Duration.ofSeconds(10);
    private static final Duration ONE_PROBE_WAIT = Duration.ofSeconds(2);
    private static final Duration CAPACITY_PAUSE = Duration.ofSeconds(2);

    private final Proxmox proxmox;
    private final Instances instances;
    private final Transitions transitions;
    private final GuestTasks tasks;
    private final Placement placement;
    private final AddressPool addresses;
    private final ImagePulls images;
    private final GuestAccess guests;
    private final HealthProbe health;
    private final VolumeSteps volumes;
    private final Resizes resizes;
    private final GuestFirewalls firewalls;
    private final AgentProperties properties;

    Executor(
            Proxmox proxmox,
            Instances instances,
            Transitions transitions,
            GuestTasks tasks,
            Placement placement,
            AddressPool addresses,
            ImagePulls images,
            GuestAccess guests,
            HealthProbe health,
            VolumeSteps volumes,
            Resizes resizes,
            GuestFirewalls firewalls,
            AgentProperties properties) {
        this.proxmox = proxmox;
        this.instances = instances;
        this.transitions = transitions;
        this.tasks = tasks;
        this.placement = placement;
        this.addresses = addresses;
        this.images = images;
        this.guests = guests;
        this.health = health;
        this.volumes = volumes;
        this.resizes = resizes;
        this.firewalls = firewalls;
        this.properties = properties;
    }

    Outcome execute(Step step, Instance instance) {
        Instance.Location location = instance.location();
        return switch (step) {
            case Step.Follow follow -> tasks.follow(instance, follow.task());
            case Step.Find find -> tasks.find(instance, find.task());
            case Step.Abort abort -> tasks.abort(instance, abort.task());
            case Step.Place place -> place(instance);
            case Step.Pull pull -> pull(instance);
            case Step.Reserve reserve -> reserve(instance);
            case Step.Create create ->
                tasks.begin(instance, Kind.CREATE, () -> proxmox.create(location.nodeName(), plan(instance)));
            case Step.Configure configure -> configure(instance);
            case Step.Start start -> start(instance);
            case Step.Probe probe -> probe(instance);
            case Step.Advance advance -> enter(instance, advance.to());
            case Step.BecomeUnhealthy unhealthy -> {
                transitions.becomeUnhealthy(instance, unhealthy.reason());
                yield new Outcome.Again();
            }
            case Step.Fail fail -> fail(instance, fail.failure());
            case Step.Shutdown shutdown ->
                tasks.begin(
                        instance,
                        Kind.SHUTDOWN,
                        () -> proxmox.shutdown(location.nodeName(), location.guest(), shutdown.grace()));
            case Step.Stop stop ->
                tasks.begin(instance, Kind.STOP, () -> proxmox.stop(location.nodeName(), location.guest()));
            case Step.Destroy destroy ->
                tasks.begin(instance, Kind.DESTROY, () -> proxmox.destroy(location.nodeName(), location.guest()));
            case Step.Release release -> {
                transitions.release(instance);
                tasks.gone(instance);
                yield new Outcome.Rest();
            }
            case Step.Pause pause -> volumes.pause(instance);
            case Step.ClaimVolume claim -> volumes.claim(instance);
            case Step.GiveVolumeUp up -> volumes.giveUp(instance);
            case Step.AwaitVolume await -> volumes.await(instance);
            case Step.MakeVolume make -> volumes.make(instance);
            case Step.MoveVolume move -> volumes.move(instance);
            case Step.MountVolume mount -> volumes.mount(instance);
            case Step.GrowVolume grow -> volumes.grow(instance);
            case Step.KeepVolume keep -> volumes.keep(instance);
            case Step.Resize resize -> resizes.resize(instance);
            case Step.Wait wait -> new Outcome.Later(wait.atMost());
            case Step.Settled settled -> new Outcome.Rest();
        };
    }

    private Outcome enter(Instance instance, Phase phase) {
        transitions.enter(instance, phase);
        return new Outcome.Again();
    }

    private Outcome fail(Instance instance, Failure failure) {
        transitions.fail(instance, failure);
        volumes.failed(instance);
        tasks.gone(instance);
        return new Outcome.Again();
    }

    private Outcome place(Instance instance) {
        InstanceSpec spec = instance.wanted();
        Optional<String> noRegion = placement.withoutNodes(spec.region());
        if (noRegion.isPresent()) {
            return fail(instance, new Failure("NO_SUCH_REGION", noRegion.get()));
        }
        if (CommandLine.of(spec).isEmpty()) {
            return fail(instance, new Failure("NO_COMMAND", "The image names no command, and the service neither"));
        }
        Optional<String> obstacle = placement.place(spec);
        if (obstacle.isEmpty()) {
            return enter(instance, Phase.PLACED);
        }
        instances.stumbled(instance.id(), obstacle.get(), false);
        return new Outcome.Later(CAPACITY_PAUSE);
    }

    private Outcome pull(Instance instance) {
        Patience patience = new Patience(POLL, SLOWEST_PULL_POLL, ONE_PULL_WAIT);
        do {
            switch (images.advance(
                    instance.location().nodeName(), instance.wanted().image())) {
                case PullResult.Ready ready -> {
                    return enter(instance, Phase.PULLED);
                }
                case PullResult.Failed failed
                when failed.passing() -> {
                    instances.stumbled(instance.id(), failed.reason(), true);
                    return new Outcome.Later(Duration.ofSeconds(1));
                }
                case PullResult.Failed failed -> {
                    return fail(
                            instance,
                            new Failure("IMAGE_PULL_FAILED", "The image cannot be pulled: " + failed.reason()));
                }
                case PullResult.Pending pending -> {
                    if (instances.shallGo(instance.id())) {
                        return new Outcome.Again();
                    }
                }
            }
        } while (patience.pause());
        return new Outcome.Later(SLOWEST_PULL_POLL);
    }

    private Outcome reserve(Instance instance) {
        Optional<String> address = addresses.reserve(instance.id());
        if (address.isEmpty()) {
            return fail(instance, new Failure("NO_ADDRESS", "Every address for guests is taken"));
        }
        instances.locate(instance.id(), address.get());
        firewalls.changed(instance.identity().project());
        placement.reserveVmid(instance.id());
        return new Outcome.Again();
    }

    private GuestPlan plan(Instance instance) {
        AgentProperties.Guests settings = properties.guests();
        InstanceSpec spec = instance.wanted();
        return new GuestPlan(
                instance.location().guest(),
                spec.name(),
                instance.description(),
                settings.pool(),
                images.volumeId(spec.image()),
                settings.rootStorage(),
                spec.resources(),
                properties.network().bridge(),
                instance.location().ip() + "/" + addresses.prefix(),
                properties.network().gateway(),
                settings.firewall(),
                !spec.runsOnce() && spec.volume() == null);
    }

    /** What the image says about running it is replaced: PID 1 gets that from us, and nothing but its way to us from here. */
    private Outcome configure(Instance instance) {
        String node = instance.location().nodeName();
        int vmid = instance.location().guest();
        GuestConfig read = proxmox.config(node, vmid);
        if (!read.description().equals(instance.description())) {
            return fail(instance, new Failure("GUEST_LOST", "The guest was replaced by another one"));
        }
        SortedSet<String> tags = InstanceTag.all(properties.guests().tag(), instance.id());
        proxmox.configure(node, vmid, read, new GuestChange(PID_1, guests.admit(instance.id()), tags));
        firewalls.protect(instance.identity(), node, vmid, instance.location().ip(), instance.wanted());
        return enter(instance, Phase.CONFIGURED);
    }

    /** What was heard of the application in an earlier life of the guest says nothing about the one that begins. */
    private Outcome start(Instance instance) {
        Instance.Location location = instance.location();
        guests.restarting(instance.id());
        return tasks.begin(instance, Kind.START, () -> proxmox.start(location.nodeName(), location.guest()));
    }

    private Outcome probe(Instance instance) {
        InstanceSpec spec = instance.wanted();
        Patience patience = new Patience(POLL, SLOWEST_PROBE, ONE_PROBE_WAIT);
        Optional<String> problem;
        do {
            problem = health.problem(spec, instance.location().ip());
            if (problem.isEmpty()) {
                return enter(instance, Phase.HEALTHY);
            }
            Application application = guests.application(instance.id());
            boolean ended = application.exits() >= properties.guests().exitsBeforeFailed()
                    || application.state() == Application.State.BROKEN;
            if (ended || instances.shallGo(instance.id())) {
                break;
            }
        } while (patience.pause());
        instances.stumbled(instance.id(), problem.get(), false);
        return new Outcome.Again();
    }
}
