package io.containr.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.contracts.Failure;
import io.containr.contracts.agent.AgentCommand.EnsureInstance;
import io.containr.contracts.agent.AgentCommand.RemoveInstance;
import io.containr.contracts.agent.AgentEvent.InstanceExited;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.deploy.DeployEvent.RunFinished;
import io.containr.contracts.deploy.DeployEvent.RunStarted;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.ids.UserId;
import io.containr.contracts.log.LogLines;
import io.containr.contracts.project.ProjectEvent.ServiceDeleted;
import io.containr.contracts.project.ServiceKind;
import io.containr.contracts.project.ServiceSpec;
import io.containr.contracts.project.ServiceSpec.Wanted;
import io.containr.deploy.run.ManyLooks;
import io.containr.runtime.Ids;
import io.containr.runtime.work.WorkQueue;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** Scheduled services: what is due runs once, and what became of it can be seen. */
@Import(MovableClock.Configuration.class)
@TestPropertySource(properties = {"containr.deploy.runs.kept=5", "containr.deploy.runs.make-up=30m"})
@DirtiesContext
class RunsIT extends DeployServiceTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Autowired
    private MovableClock clock;

    @Autowired
    private BeanFactory beans;

    @Autowired
    private WorkQueue runQueue;

    /** Time goes on; the queue, which sleeps by the true time, is woken for a service that is none, so that it sees it. */
    private void later(Duration time) {
        clock.advance(time);
        runQueue.wake(new ServiceId(Ids.next()));
    }

    private ServiceSpec scheduled(String cron) {
        ServiceSpec spec = created(service().scheduled(cron, "UTC"));
        world.runByHand(spec.service());
        deployed(spec.service());
        await().until(() -> list(spec).has("next_run"));
        return spec;
    }

    private JsonNode list(ServiceSpec spec) {
        return api.get("/services/" + spec.service() + "/runs").expect(200).json();
    }

    private Instant nextRun(ServiceSpec spec) {
        return Instant.parse(list(spec).at("/next_run").asString());
    }

    /** Time goes on to a second after the next run is due. */
    private void untilDue(ServiceSpec spec) {
        later(Duration.between(clock.instant(), nextRun(spec)).plusSeconds(1));
    }

    private List<InstanceSpec> asked(ServiceId service) {
        return messages.all(EnsureInstance.class).stream()
                .map(EnsureInstance::spec)
                .filter(spec -> spec.service().equals(service))
                .toList();
    }

    private InstanceSpec asked(ServiceSpec spec, int number) {
        return await().until(() -> asked(spec.service()), found -> found.size() >= number)
                .get(number - 1);
    }

    private void exits(InstanceSpec spec, @Nullable Integer code, @Nullable String signal) {
        messages.publish(new InstanceExited(World.instance(spec), code, signal, 0), spec.service());
    }

    private List<String> statuses(ServiceSpec spec) {
        return list(spec)
                .at("/runs")
                .valueStream()
                .map(run -> run.get("status").asString())
                .toList();
    }

    @Test
    void whatIsDueRunsOnceAndItsEndCanBeSeen() {
        ServiceSpec spec = scheduled("* * * * *");
        Instant due = nextRun(spec);
        untilDue(spec);
        InstanceSpec instance = asked(spec, 1);
        assertThat(instance.runsOnce()).isTrue();
        assertThat(instance.port()).isNull();
        RunStarted started = messages.await(RunStarted.class, e -> e.service().equals(spec.service()));
        assertThat(started.scheduledAt()).isEqualTo(due);
        assertThat(started.trigger()).isEqualTo("schedule");
        world.running(instance);
        messages.publish(
                new LogLines(
                        spec.service(),
                        spec.project(),
                        instance.deployment(),
                        null,
                        instance.instance(),
                        List.of(new LogLines.Line(1, Instant.now(), "stdout", "rows deleted: 7"))),
                spec.service());
        assertThat(statuses(spec)).containsExactly("running");
        exits(instance, 0, null);
        RunFinished finished =
                messages.await(RunFinished.class, e -> e.service().equals(spec.service()));
        assertThat(finished.status()).isEqualTo("succeeded");
        assertThat(finished.run()).isEqualTo(started.run());
        messages.await(RemoveInstance.class, e -> e.instance().equals(instance.instance()));
        await().untilAsserted(() -> assertThat(api.get("/runs/" + started.run())
                        .expect(200)
                        .json()
                        .at("/run/logs/0/message")
                        .asString())
                .isEqualTo("rows deleted: 7"));
        JsonNode run = api.get("/runs/" + started.run()).json().get("run");
        assertThat(run.get("exit_code").asInt()).isZero();
        assertThat(Instant.parse(run.get("scheduled_at").asString())).isEqualTo(due);
        assertThat(run.has("started_at")).isTrue();
        assertThat(run.has("completed_at")).isTrue();
        assertThat(api.get("/services/" + spec.service() + "/logs").body()).contains("rows deleted: 7");
        assertThat(nextRun(spec)).isEqualTo(due.plus(MINUTE));
        assertThat(as(new UserId(Ids.next())).get("/runs/" + started.run()).status())
                .isEqualTo(404);
        assertThat(as(new UserId(Ids.next()))
                        .get("/services/" + spec.service() + "/runs")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void aRunThatFailsSaysHowAndOneThatLastsTooLongIsStopped() {
        ServiceSpec spec = scheduled("0 0 1 1 *");
        api.post("/services/" + spec.service() + "/runs").expect(201);
        exits(asked(spec, 1), 3, null);
        await().until(() -> statuses(spec).equals(List.of("failed")));
        assertThat(list(spec).at("/runs/0/error").asString()).contains("exit code 3");
        api.post("/services/" + spec.service() + "/runs").expect(201);
        world.broken(asked(spec, 2), new Failure("IMAGE_PULL_FAILED", "The image is gone"));
        await().until(() -> statuses(spec).equals(List.of("failed", "failed")));
        assertThat(list(spec).at("/runs/0/error_code").asString()).isEqualTo("IMAGE_PULL_FAILED");

        api.post("/services/" + spec.service() + "/runs").expect(201);
        InstanceSpec endless = asked(spec, 3);
        world.running(endless);
        assertThat(api.post("/services/" + spec.service() + "/runs").expect(409).body())
                .contains("not ended");
        later(Duration.ofMinutes(61));
        messages.await(RemoveInstance.class, e -> e.instance().equals(endless.instance()));
        await().until(() -> list(spec).at("/runs/0/error_code").asString().equals("TIME_LIMIT"));
        exits(endless, 0, null);
        api.post("/services/" + spec.service() + "/runs").expect(201);
        exits(asked(spec, 4), null, "SIGKILL");
        await().until(() -> list(spec).at("/runs/0/error").asString().contains("SIGKILL"));
        assertThat(list(spec).at("/runs/1/error_code").asString()).isEqualTo("TIME_LIMIT");
    }

    @Test
    void whileOneRunsTheNextIsSkippedAndOfThoseMissedTheLatestIsMadeUp() {
        ServiceSpec spec = scheduled("*/10 * * * *");
        untilDue(spec);
        InstanceSpec first = asked(spec, 1);
        world.running(first);
        untilDue(spec);
        await().until(() -> statuses(spec).equals(List.of("skipped", "running")));
        exits(first, 0, null);
        await().until(() -> statuses(spec).equals(List.of("skipped", "succeeded")));

        Instant next = nextRun(spec);
        later(Duration.between(clock.instant(), next).plusMinutes(21));
        InstanceSpec second = asked(spec, 2);
        await().until(() -> statuses(spec).equals(List.of("running", "missed", "missed", "skipped", "succeeded")));
        assertThat(list(spec).at("/runs/0/scheduled_at").asString())
                .isEqualTo(next.plus(Duration.ofMinutes(20)).toString());
        exits(second, 0, null);
        assertThat(asked(spec.service())).hasSize(2);
        assertThat(messages.all(RunFinished.class).stream()
                        .filter(e ->
                                e.service().equals(spec.service()) && e.status().equals("missed")))
                .hasSize(2);
    }

    @Test
    void whatIsTooLateIsMissed() {
        ServiceSpec spec = scheduled("0 0 * * *");
        Instant next = nextRun(spec);
        later(Duration.between(clock.instant(), next).plusMinutes(31));
        await().until(() -> statuses(spec).equals(List.of("missed")));
        assertThat(asked(spec.service())).isEmpty();
        assertThat(nextRun(spec)).isEqualTo(next.plus(Duration.ofDays(1)));
    }

    /** Two copies of this service, or one that was killed in between, do no more than look again. */
    @Test
    void howeverManyLookAtOnceAScheduledTimeHasOneRun() {
        ServiceSpec spec = scheduled("0 * * * *");
        Instant due = nextRun(spec);
        untilDue(spec);
        ManyLooks.at(spec.service(), beans);
        InstanceSpec first = asked(spec, 1);
        exits(first, 0, null);
        await().until(() -> statuses(spec).equals(List.of("succeeded")));
        jdbc.sql("update cron_service set next_at = :due where service_id = :service")
                .param("due", Timestamp.from(due))
                .param("service", spec.service().value())
                .update();
        ManyLooks.at(spec.service(), beans);
        assertThat(asked(spec.service())).hasSize(1);
        assertThat(statuses(spec)).containsExactly("succeeded");
        assertThat(nextRun(spec)).isEqualTo(due.plus(Duration.ofHours(1)));
    }

    @Test
    void aNewDeploymentAppliesFromTheNextRunAndOldRunsAreForgotten() {
        ServiceSpec spec = scheduled("* * * * *");
        untilDue(spec);
        InstanceSpec old = asked(spec, 1);
        DeploymentId second = deployed(spec.service());
        exits(old, 0, null);
        for (int run = 2; run <= 7; run++) {
            untilDue(spec);
            InstanceSpec next = asked(spec, run);
            assertThat(next.deployment()).isEqualTo(second);
            assertThat(next.image()).isNotEqualTo(old.image());
            exits(next, 0, null);
            int ended = run;
            await().until(() -> messages.all(RunFinished.class).stream()
                            .filter(e -> e.service().equals(spec.service()))
                            .count()
                    == ended);
        }
        await().until(() -> statuses(spec).size() <= 6);
    }

    @Test
    void stopEndsTheRunAndTheScheduleStartBeginsItAgainAndDeletionLeavesNothing() {
        ServiceSpec spec = scheduled("* * * * *");
        untilDue(spec);
        InstanceSpec running = asked(spec, 1);
        world.running(running);
        ServiceSpec stopped = Specs.next(spec, Wanted.STOPPED, 0);
        changed(stopped);
        messages.await(RemoveInstance.class, e -> e.instance().equals(running.instance()));
        await().until(() -> list(spec).at("/runs/0/error_code").asString().equals("SERVICE_STOPPED"));
        assertThat(list(spec).has("next_run")).isFalse();
        assertThat(api.post("/services/" + spec.service() + "/runs").expect(409).body())
                .contains("stopped");
        later(Duration.ofMinutes(3));

        ServiceSpec started = Specs.next(stopped, Wanted.RUNNING, 0);
        changed(started);
        await().until(() -> list(spec).has("next_run"));
        assertThat(nextRun(spec)).isAfter(clock.instant().minus(MINUTE));
        untilDue(spec);
        InstanceSpec again = asked(spec, 2);
        messages.publish(new ServiceDeleted(spec.service(), spec.project(), owner), spec.project());
        messages.await(RemoveInstance.class, e -> e.instance().equals(again.instance()));
        await().until(() -> jdbc.sql("""
                        select (select count(*) from cron_run where service_id = :service)
                            + (select count(*) from cron_service where service_id = :service)""")
                        .param("service", spec.service().value())
                        .query(Long.class)
                        .single()
                == 0);
        assertThat(statusesTold(spec)).containsExactly("failed", "failed");
    }

    private List<String> statusesTold(ServiceSpec spec) {
        return messages.all(RunFinished.class).stream()
                .filter(e -> e.service().equals(spec.service()))
                .map(RunFinished::status)
                .toList();
    }

    @Test
    void aScheduleIsNeededToDeployAndAnotherKindHasNoRuns() {
        ServiceSpec bare = created(service().of(ServiceKind.CRON));
        assertThat(api.post("/services/" + bare.service() + "/deployments", "{}")
                        .expect(409)
                        .body())
                .contains("build_config.schedule");
        ServiceSpec web = created(service());
        assertThat(api.post("/services/" + web.service() + "/runs").expect(409).body())
                .contains("cron");
        ServiceSpec never = created(service().scheduled("* * * * *", "UTC"));
        assertThat(api.post("/services/" + never.service() + "/runs")
                        .expect(409)
                        .body())
                .contains("never deployed");
        assertThat(list(web).get("runs")).isEmpty();
    }
}
