package io.containr.deploy.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.deploy.deployment.BuildState;
import io.containr.deploy.deployment.DeploymentStatus;
import io.containr.deploy.instance.Instance;
import io.containr.deploy.instance.InstanceState;
import io.containr.deploy.rollout.Model.Deployed;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** For each step of each story: the process dies after it, the world goes on without it, and the end is the same. */
class PlannerCrashTest {

    private static final Consumer<Run> FIRST = run -> run.model.deploy(null);
    private static final Consumer<Run> REDEPLOY = FIRST.andThen(Run::rest).andThen(run -> run.model.deploy(null));
    private static final Consumer<Run> ROLLBACK =
            REDEPLOY.andThen(Run::rest).andThen(run -> run.model.deploy(run.model.deployments.getFirst().release));
    private static final Consumer<Run> BAD_BUILD = REDEPLOY.andThen(run -> run.badBuild = true);
    private static final Consumer<Run> BAD_INSTANCE = REDEPLOY.andThen(run -> run.badInstance = true);
    private static final Consumer<Run> STOP = REDEPLOY.andThen(run -> run.model.running = false);
    private static final Consumer<Run> STOP_START = FIRST.andThen(Run::rest)
            .andThen(run -> run.model.running = false)
            .andThen(Run::rest)
            .andThen(run -> run.model.running = true);
    private static final Consumer<Run> RESTART = FIRST.andThen(Run::rest).andThen(run -> run.model.restarts++);
    private static final Consumer<Run> DELETE = REDEPLOY.andThen(run -> run.model.exists = false);

    @TestFactory
    List<DynamicTest> everyStoryEndsTheSameWhereverItIsCutOff() {
        List<DynamicTest> tests = new ArrayList<>();
        tests.addAll(story("first deployment", FIRST));
        tests.addAll(story("redeploy", REDEPLOY));
        tests.addAll(story("rollback", ROLLBACK));
        tests.addAll(story("build fails", BAD_BUILD));
        tests.addAll(story("new instance fails", BAD_INSTANCE));
        tests.addAll(story("stop during a deployment", STOP));
        tests.addAll(story("stop and start", STOP_START));
        tests.addAll(story("restart", RESTART));
        tests.addAll(story("delete during a deployment", DELETE));
        return tests;
    }

    private static List<DynamicTest> story(String name, Consumer<Run> story) {
        Run whole = new Run(Integer.MAX_VALUE);
        story.accept(whole);
        End end = whole.rest();
        int steps = whole.model.taken.size();
        assertThat(steps).as("steps of %s", name).isGreaterThan(3);
        return IntStream.rangeClosed(1, steps)
                .mapToObj(step -> DynamicTest.dynamicTest(
                        name + ", cut off after step " + step + ": " + whole.model.taken.get(step - 1), () -> {
                            Run run = new Run(step);
                            story.accept(run);
                            assertThat(run.rest()).isEqualTo(end);
                            assertThat(run.crashes).isOne();
                        }))
                .toList();
    }

    private static final class Run {

        final Model model = new Model(1);
        private final ModelWorld world = new ModelWorld(model);
        private final int crashAfter;
        boolean badBuild;
        boolean badInstance;
        int crashes;

        Run(int crashAfter) {
            this.crashAfter = crashAfter;
            world.alive(ModelWorld.GATEWAY);
        }

        End rest() {
            for (int i = 0; i < 200; i++) {
                Step step = pass();
                if (step instanceof Step.Settled) {
                    return end();
                }
                goOn();
            }
            throw new AssertionError("never at rest: " + model.observed());
        }

        /** Until there is nothing to do, or the process dies. */
        private Step pass() {
            for (int i = 0; i < 100; i++) {
                Step step = model.decide();
                if (!(step instanceof Step.Act act)) {
                    return step;
                }
                model.take(act);
                boolean crashed = model.taken.size() == crashAfter;
                crashes += crashed ? 1 : 0;
                if (model.forgotten) {
                    return new Step.Settled();
                }
                if (crashed) {
                    goOn();
                    goOn();
                }
            }
            throw new AssertionError("goes round in circles: " + model.observed());
        }

        /** The world does what is asked of it, but for what shall fail. */
        private void goOn() {
            Deployed last = model.deployments.getLast();
            if (badBuild && last.build == BuildState.ASKED) {
                last.build = BuildState.FAILED;
            }
            if (badInstance) {
                model.instances.values().stream()
                        .filter(instance -> instance.deployment().equals(last.id) && instance.wanted())
                        .map(Instance::id)
                        .toList()
                        .forEach(id -> model.observe(id, InstanceState.FAILED));
            }
            world.cooperate();
            model.now = model.now.plusMillis(50);
        }

        private End end() {
            Rollout.Serving serving = model.serving();
            return new End(
                    model.forgotten,
                    model.deployments.stream().map(deployed -> deployed.status).toList(),
                    serving == null ? -1 : model.deployments.indexOf(find(serving)),
                    model.instances.size(),
                    model.route().targets().size(),
                    model.state());
        }

        private @Nullable Deployed find(Rollout.Serving serving) {
            return model.deployments.stream()
                    .filter(deployed -> Objects.equals(deployed.id, serving.deployment()))
                    .findFirst()
                    .orElse(null);
        }
    }

    private record End(
            boolean forgotten,
            List<DeploymentStatus> deployments,
            int serving,
            int instances,
            int targets,
            @Nullable ServiceState state) {}
}
