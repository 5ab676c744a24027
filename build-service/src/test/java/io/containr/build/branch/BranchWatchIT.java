package io.containr.build.branch;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.build.BuildServiceTest;
import io.containr.build.BuildTestEnvironment;
import io.containr.build.Tenant;
import io.containr.contracts.build.SourceEvent.HeadMoved;
import io.containr.contracts.project.GitCredential;
import io.containr.contracts.project.ProjectEvent;
import io.containr.contracts.project.ProjectEvent.PushIgnored;
import io.containr.contracts.project.ProjectEvent.PushReceived;
import io.containr.contracts.project.ProjectEvent.ServiceCreated;
import io.containr.contracts.project.ProjectEvent.ServiceDeleted;
import io.containr.contracts.project.ProjectEvent.ServiceUpdated;
import io.containr.contracts.project.ServiceSource;
import io.containr.contracts.project.ServiceSpec;
import io.containr.runtime.secrets.SecretBox;
import io.containr.testing.TestMessages;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

@BuildServiceTest
class BranchWatchIT {

    private static TestMessages messages;

    @Autowired
    private WatchedBranches branches;

    @Autowired
    private SecretBox box;

    private final Tenant tenant = new Tenant();

    @BeforeAll
    static void open() {
        messages = new TestMessages();
    }

    @AfterAll
    static void close() {
        messages.close();
    }

    @AfterEach
    void leave() {
        publish(new ServiceDeleted(tenant.service(), tenant.project(), tenant.user()));
    }

    @Test
    void pushWithoutADeliveryIsToldOnceAndWhatWasThereBeforeIsNot() {
        String first = commit("First");
        publish(new ServiceCreated(tenant.spec(tenant.git(), 1, null, true)));
        awaitHead(first);

        String second = commit("Say hello\n\nand more");
        HeadMoved moved = awaitMoved(second);
        String third = commit("Third");
        awaitMoved(third);

        assertThat(moved)
                .isEqualTo(new HeadMoved(
                        tenant.service(),
                        tenant.project(),
                        BuildTestEnvironment.git().url(tenant.repository()),
                        "main",
                        first,
                        second,
                        "Say hello\n\nand more",
                        "Ada Example <ada@example.com>"));
        assertThat(allMoved()).extracting(HeadMoved::commit).containsExactly(second, third);
    }

    @Test
    void whatDeliveriesToldIsNotToldAgain() {
        String first = commit("First");
        publish(new ServiceCreated(tenant.spec(tenant.git("main", null, null), 1, null, true)));
        awaitHead(first);

        String delivered = aside("Delivered");
        publish(new PushReceived(
                tenant.service(), tenant.project(), tenant.user(), "github", "1", "main", delivered, null, null));
        awaitHead(delivered);
        BuildTestEnvironment.git().move(tenant.repository(), "main", delivered);
        String declined = aside("Declined");
        publish(new PushIgnored(tenant.service(), tenant.project(), tenant.user(), "other", declined, "why"));
        publish(new PushIgnored(tenant.service(), tenant.project(), tenant.user(), "main", declined, "why"));
        awaitHead(declined);
        BuildTestEnvironment.git().move(tenant.repository(), "main", declined);
        String missed = commit("Missed");

        assertThat(awaitMoved(missed).before()).isEqualTo(declined);
        assertThat(allMoved()).hasSize(1);
    }

    @Test
    void privateRepositoryIsLookedAtOnceItsTokenIsThere() {
        String repository = "guarded-" + tenant.service();
        ServiceSource source = new ServiceSource(
                ServiceSource.Type.GIT, BuildTestEnvironment.git().url(repository), null, null, null, null);
        String first = BuildTestEnvironment.git().commit(repository, Map.of("a", "1"), "First");
        publish(new ServiceCreated(tenant.spec(source, 1, null, true)));
        Awaitility.await()
                .until(() -> branches.find(tenant.service())
                        .filter(branch -> branch.failures() > 0)
                        .isPresent());

        GitCredential credential = new GitCredential(
                "ada", box.seal("hunter2", ServiceSpec.sealedFor(tenant.service(), GitCredential.NAME)));
        publish(new ServiceUpdated(tenant.spec(source, 2, credential, true)));
        awaitHead(first);
        String second = BuildTestEnvironment.git().commit(repository, Map.of("a", "2"), "Second");

        assertThat(awaitMoved(second).message()).isEqualTo("Second");
        assertThat(branches.find(tenant.service()).orElseThrow().failures()).isZero();
    }

    @Test
    void onlyServicesThatPushesDeployAreWatched() {
        String first = commit("First");
        publish(new ServiceCreated(tenant.spec(tenant.git(), 1, null, true)));
        awaitHead(first);
        publish(new ServiceUpdated(tenant.spec(tenant.git(), 2, null, false)));
        Awaitility.await().until(() -> branches.find(tenant.service()).isEmpty());
        String unseen = commit("Unseen");
        publish(new ServiceUpdated(tenant.spec(tenant.git(), 3, null, true)));
        awaitHead(unseen);
        String seen = commit("Seen");

        assertThat(awaitMoved(seen).before()).isEqualTo(unseen);
        assertThat(allMoved()).hasSize(1);

        publish(new ServiceDeleted(tenant.service(), tenant.project(), tenant.user()));
        Awaitility.await().until(() -> branches.find(tenant.service()).isEmpty());
    }

    private String commit(String message) {
        return BuildTestEnvironment.git().commit(tenant.repository(), Map.of("a", message), message);
    }

    /** A commit that the branch has not got yet. */
    private String aside(String message) {
        return BuildTestEnvironment.git().commit(tenant.repository(), "next", Map.of("a", message), message);
    }

    private void publish(ProjectEvent event) {
        messages.publish(event, tenant.project());
    }

    private void awaitHead(String commit) {
        Awaitility.await()
                .untilAsserted(() -> assertThat(branches.find(tenant.service()).map(WatchedBranch::head))
                        .isEqualTo(Optional.of(commit)));
    }

    private HeadMoved awaitMoved(String commit) {
        return messages.await(
                HeadMoved.class,
                event -> event.service().equals(tenant.service())
                        && event.commit().equals(commit));
    }

    private List<HeadMoved> allMoved() {
        return messages.all(HeadMoved.class).stream()
                .filter(event -> event.service().equals(tenant.service()))
                .toList();
    }
}
