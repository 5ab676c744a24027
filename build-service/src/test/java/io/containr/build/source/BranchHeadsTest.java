package io.containr.build.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.containr.build.GitServer;
import io.containr.build.Settings;
import io.containr.build.failure.BuildErrorCode;
import io.containr.build.failure.BuildFailedException;
import io.containr.build.source.BranchHeads.Head;
import io.containr.build.source.BranchHeads.Words;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.lib.StoredConfig;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BranchHeadsTest {

    @TempDir
    static Path repositories;

    private static GitServer server;

    @TempDir
    Path work;

    @BeforeAll
    static void start() throws IOException {
        server = new GitServer(repositories);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void headsOfTheDefaultAndOfANamedBranchAreFound() throws Exception {
        String main = server.commit("branches", Map.of("a", "1"), "One");
        String feature = server.commit("branches", "feature/x", Map.of("a", "2"), "Two");
        server.commit("branches", "main", Map.of(), "Three");
        String newest = server.commit("branches", "main", Map.of("a", "4"), "Four");

        assertThat(heads().find(location("branches", null, null), null)).isEqualTo(new Head("main", newest));
        assertThat(heads().find(location("branches", "main", null), null).commit())
                .isEqualTo(newest)
                .isNotEqualTo(main);
        assertThat(heads().find(location("branches", "feature/x", null), null))
                .isEqualTo(new Head("feature/x", feature));
    }

    @Test
    void whatCannotBeAskedIsNamed() {
        server.commit("few", Map.of("a", "1"), "One");
        server.commit("guarded-heads", Map.of("a", "1"), "One");

        assertThat(failure("few", "nope")).isEqualTo(BuildErrorCode.BRANCH_NOT_FOUND);
        assertThat(failure("missing", null)).isEqualTo(BuildErrorCode.REPOSITORY_NOT_FOUND);
        assertThat(failure("guarded-heads", null)).isEqualTo(BuildErrorCode.REPOSITORY_NOT_FOUND);
    }

    @Test
    void privateAddressesAreNotAsked() throws Exception {
        server.commit("near", Map.of("a", "1"), "One");
        BranchHeads strict = new BranchHeads(Settings.of(Map.of("work-directory", work.toString())));
        GitLocation near = location("near", null, null);

        assertThat(catchThrowableOfType(BuildFailedException.class, () -> strict.find(near, null))
                        .code())
                .isEqualTo(BuildErrorCode.REPOSITORY_FORBIDDEN);
    }

    @Test
    void loginOpensAPrivateRepository() throws Exception {
        String head = server.commit("guarded-mine", Map.of("a", "1"), "One");
        GitLogin login = new GitLogin("ada", "hunter2");

        assertThat(heads().find(location("guarded-mine", null, null), login)).isEqualTo(new Head("main", head));
        assertThat(heads().read(location("guarded-mine", null, head), login).message())
                .isEqualTo("One");
    }

    @Test
    void commitIsReadWithoutItsFilesWhereTheServerLeavesThemOutAndWithThemElsewhere() throws Exception {
        for (boolean filters : new boolean[] {true, false}) {
            String repository = "filters-" + filters;
            String head = server.commit(repository, Map.of("a", "1"), "Say hello\n\n[skip ci]");
            allowFilter(repository, filters);

            assertThat(heads().read(location(repository, null, head), null))
                    .isEqualTo(new Words("Say hello\n\n[skip ci]", "Ada Example <ada@example.com>"));
            assertThat(work).isEmptyDirectory();
        }
    }

    private static void allowFilter(String repository, boolean allowed) throws IOException {
        try (Git git = Git.open(repositories.resolve(repository).toFile())) {
            StoredConfig config = git.getRepository().getConfig();
            config.setBoolean("uploadpack", null, "allowFilter", allowed);
            config.save();
        }
    }

    private BuildErrorCode failure(String repository, @Nullable String branch) {
        return catchThrowableOfType(
                        BuildFailedException.class, () -> heads().find(location(repository, branch, null), null))
                .code();
    }

    private BranchHeads heads() {
        return new BranchHeads(
                Settings.of(Map.of("work-directory", work.toString(), "git.allowed-private-hosts", server.address())));
    }

    private static GitLocation location(String repository, @Nullable String branch, @Nullable String commit)
            throws BuildFailedException {
        return GitLocation.of(server.url(repository), branch, commit);
    }
}
