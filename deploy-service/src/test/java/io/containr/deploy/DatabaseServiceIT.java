package io.containr.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.contracts.Failure;
import io.containr.contracts.agent.AgentCommand.EnsureInstance;
import io.containr.contracts.agent.AgentCommand.RemoveInstance;
import io.containr.contracts.agent.AgentEvent.InstanceBecameHealthy;
import io.containr.contracts.agent.AgentEvent.InstanceBecameUnhealthy;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.build.BuildCommand.StartBuild;
import io.containr.contracts.build.PreparedImage;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.ServiceSpec;
import io.containr.contracts.project.Volume;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A service with a volume: its instances take turns, and what served is there until another does. */
class DatabaseServiceIT extends DeployServiceTest {

    private DeploymentId built(ServiceSpec spec, List<Integer> ports, List<String> volumes) {
        world.buildByHand(spec.service());
        DeploymentId id = DeploymentId.of(deploy(spec.service()).text("/id"));
        StartBuild build = messages.await(StartBuild.class, start -> id.equals(start.deployment()));
        PreparedImage plain = World.image(build.build().value());
        PreparedImage.Config config = plain.config();
        messages.publish(
                World.success(
                        build,
                        new PreparedImage(
                                plain.repository(),
                                plain.tag(),
                                plain.digest(),
                                plain.sizeBytes(),
                                new PreparedImage.Config(
                                        config.entrypoint(),
                                        config.command(),
                                        config.environment(),
                                        config.user(),
                                        config.workingDirectory(),
                                        config.stopSignal(),
                                        ports,
                                        volumes,
                                        config.architecture()))),
                build.service());
        return id;
    }

    private Volume volume(@Nullable String asked, List<String> declared) {
        ServiceSpec spec = created(service().keeping(new Volume(300, asked)));
        return instanceOf(built(spec, List.of(5432), declared)).volume();
    }

    @Test
    void theVolumeLiesWhereTheImageWantsItElseWhereTheUserDoes() {
        assertThat(volume("/mine", List.of("/var/lib/db", "/other"))).isEqualTo(new Volume(300, "/var/lib/db"));
        assertThat(volume("/mine", List.of())).isEqualTo(new Volume(300, "/mine"));
        assertThat(volume(null, List.of())).isEqualTo(new Volume(300, "/data"));
        assertThat(volume(null, List.of("/a,backup=0", "relative", "/b/../c"))).isEqualTo(new Volume(300, "/data"));
    }

    @Test
    void itListensWhereItsImageSaysIsAskedByTcpAndHasNoRoute() {
        ServiceSpec spec = created(service().keeping(new Volume(300, null)));
        DeploymentId id = built(spec, List.of(5432), List.of());
        awaitStatus(id, "deployed");
        InstanceSpec instance = instanceOf(id);
        assertThat(instance.port()).isEqualTo(5432);
        assertThat(instance.environment()).containsEntry("PORT", "5432");
        assertThat(Objects.requireNonNull(instance.healthCheck()).path()).isNull();
        assertThat(routes(spec.service())).isEmpty();
        assertThat(deployment(id).json().at("/deployment").has("url")).isFalse();
    }

    @Test
    void theOneBeforeIsLeftAloneUntilTheNextHasTheVolumeAndTheGapIsTold() {
        ServiceSpec spec = created(service().keeping(new Volume(300, null)));
        InstanceSpec old = instanceOf(deployed(spec.service()));
        world.runByHand(spec.service());
        DeploymentId second = DeploymentId.of(deploy(spec.service()).text("/id"));
        InstanceSpec next = instanceOf(second);
        lendsItsVolume(old);
        stays(old.instance(), 2);
        world.running(next);
        InstanceBecameHealthy healthy = world.becameHealthy(next);
        messages.publish(
                new InstanceBecameHealthy(
                        healthy.instance(), healthy.address(), healthy.port(), Map.of("gap", Duration.ofMillis(2300))),
                spec.service());
        awaitStatus(second, "deployed");
        messages.await(RemoveInstance.class, removal -> removal.instance().equals(old.instance()));
        assertThat(deployment(second).json().at("/deployment/phases/gap").asInt())
                .isEqualTo(2300);
    }

    @Test
    void whenTheNextFailsTheOneBeforeStaysForTheVolumeToComeBackTo() {
        ServiceSpec spec = created(service().keeping(new Volume(300, null)));
        InstanceSpec old = instanceOf(deployed(spec.service()));
        world.runByHand(spec.service());
        DeploymentId second = DeploymentId.of(deploy(spec.service()).text("/id"));
        InstanceSpec next = instanceOf(second);
        lendsItsVolume(old);
        world.broken(next, new Failure("APP_EXITED", "It cannot read the data"));
        awaitStatus(second, "failed");
        messages.await(RemoveInstance.class, removal -> removal.instance().equals(next.instance()));
        stays(old.instance(), 2);
        world.healthy(old);
        await().until(() -> state(spec).equals("running"));
        stays(old.instance(), 2);
    }

    private void lendsItsVolume(InstanceSpec spec) {
        messages.publish(
                new InstanceBecameUnhealthy(World.instance(spec), "a newer instance takes its volume"), spec.service());
        await().until(() -> jdbc.sql("select state from instance where id = :id")
                .param("id", spec.instance().value())
                .query(String.class)
                .single()
                .equals("UNHEALTHY"));
    }

    /** Longer than an unhealthy instance is left alone otherwise: it is neither removed nor another put in its place. */
    private void stays(InstanceId id, int instances) {
        await().during(Duration.ofMillis(1600)).atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            assertThat(messages.all(RemoveInstance.class))
                    .noneMatch(removal -> removal.instance().equals(id));
            assertThat(messages.all(EnsureInstance.class).stream()
                            .map(EnsureInstance::spec)
                            .filter(spec -> spec.service().equals(serviceOf(id))))
                    .hasSize(instances);
        });
    }

    private ServiceId serviceOf(InstanceId id) {
        return messages.all(EnsureInstance.class).stream()
                .map(EnsureInstance::spec)
                .filter(spec -> spec.instance().equals(id))
                .findFirst()
                .orElseThrow()
                .service();
    }
}
