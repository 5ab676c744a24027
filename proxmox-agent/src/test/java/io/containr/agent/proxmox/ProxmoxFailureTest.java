package io.containr.agent.proxmox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxmoxFailureTest {

    private static final Pattern REFUSED = Pattern.compile("^HTTP/1\\.1 ([3-5]\\d\\d) (.*)$", Pattern.MULTILINE);

    @ParameterizedTest(name = "{0} {1} means {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "500 | Configuration file 'nodes/n1/lxc/7.conf' does not exist | MISSING",
                "500 | disk image 'local:backup/vzdump-lxc-7-2026_01_01-00_00_00.tar.zst' does not exist | MISSING",
                "500 | CT 7 already exists on node 'n1' | EXISTS",
                "500 | unable to create CT 7 - CT 7 already exists on node 'n1' | EXISTS",
                "500 | unable to create CT 7 - can't lock file '/run/lock/lxc/pve-config-7.lock' - got timeout | LOCKED",
                "500 | CT is locked (backup) | LOCKED",
                "500 | CT 7 already running | ALREADY_RUNNING",
                "500 | CT 7 not running | NOT_RUNNING",
                "500 | unable to destroy CT 7 - container is running | RUNNING",
                "500 | refusing to override existing file 'a_1.tar' | EXISTS",
                "500 | detected modified configuration - file changed by other user? Try again. | CHANGED",
                "500 | cluster not ready - no quorum? | UNAVAILABLE",
                "500 | hostname lookup 'n9' failed - failed to get address info for: n9 | UNAVAILABLE",
                "500 | storage 's9' does not exist | OTHER",
                "400 | Parameter verification failed.; vmid: VM 7 already exists | EXISTS",
                "400 | Parameter verification failed.; upid: no such task | MISSING",
                "400 | Parameter verification failed.; memory: value must have a minimum value of 16 | INVALID",
                "401 | no message | UNAUTHENTICATED",
                "403 | Permission check failed (/vms/7, VM.Audit) | DENIED",
                "501 | Method 'GET /nosuch' not implemented | INVALID",
                "595 | no message | OUTCOME_UNKNOWN",
                "599 | no message | OUTCOME_UNKNOWN",
                "504 | Gateway Timeout | OUTCOME_UNKNOWN"
            })
    void anAnswerMeansWhatItSays(int status, String message, ProxmoxFailure meaning) {
        assertThat(ProxmoxFailure.ofAnswer(status, message)).isEqualTo(meaning);
    }

    @ParameterizedTest(name = "{0} means {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "can't lock file '/run/lock/lxc/pve-config-7.lock' - got timeout | LOCKED",
                "unexpected status | OUTCOME_UNKNOWN",
                "volume 'local:vztmpl/x.tar' does not exist | MISSING",
                "reading manifest 1.2 in registry:5000/a/b: manifest unknown | IMAGE_UNAVAILABLE",
                "initializing source docker://r:5000/a:1: pinging container registry r:5000: connection refused | UNAVAILABLE",
                "reading manifest 1 in r:5000/a: received unexpected HTTP status: 503 Service Unavailable | UNAVAILABLE",
                "initializing source docker://r/a:1: reading manifest 1 in r/a: unauthorized: authentication required | IMAGE_UNAVAILABLE",
                "lvcreate 'data' error: Cannot create new thin volume, free space in thin pool data reached threshold. | STORAGE_FULL",
                "write failed: No space left on device | STORAGE_FULL",
                "startup for container '7' failed | OTHER"
            })
    void theEndOfATaskMeansWhatItSays(String reason, ProxmoxFailure meaning) {
        assertThat(ProxmoxFailure.ofTask(reason)).isEqualTo(meaning);
    }

    /** Read where the recordings of a real node lie beside the repository. */
    @Test
    void everyRecordedRefusalThatTheAgentCanMeetHasAMeaning() throws IOException {
        Map<String, ProxmoxFailure> meanings = new TreeMap<>();
        for (Path recording : recordings()) {
            Matcher refused = REFUSED.matcher(Files.readString(recording));
            while (refused.find()) {
                meanings.put(
                        refused.group(1) + " " + refused.group(2),
                        ProxmoxFailure.ofAnswer(Integer.parseInt(refused.group(1)), refused.group(2)));
            }
        }
        assertThat(meanings).isNotEmpty();
        assertThat(meanings).allSatisfy((answer, meaning) -> {
            Optional<ProxmoxFailure> wanted = expected(answer);
            wanted.ifPresent(failure -> assertThat(meaning).as(answer).isEqualTo(failure));
        });
        assertThat(meanings.keySet().stream().filter(answer -> expected(answer).isPresent()))
                .hasSizeGreaterThan(15);
    }

    private static Optional<ProxmoxFailure> expected(String answer) {
        if (answer.startsWith("401")) {
            return Optional.of(ProxmoxFailure.UNAUTHENTICATED);
        }
        if (answer.startsWith("403")) {
            return Optional.of(ProxmoxFailure.DENIED);
        }
        if (answer.startsWith("59")) {
            return Optional.of(ProxmoxFailure.OUTCOME_UNKNOWN);
        }
        if (answer.contains(".conf' does not exist")) {
            return Optional.of(ProxmoxFailure.MISSING);
        }
        if (answer.contains("got timeout") || answer.contains("is locked")) {
            return Optional.of(ProxmoxFailure.LOCKED);
        }
        if (answer.contains("already exists") || answer.contains("refusing to override")) {
            return Optional.of(ProxmoxFailure.EXISTS);
        }
        if (answer.contains("is running")) {
            return Optional.of(ProxmoxFailure.RUNNING);
        }
        return answer.contains("not running") ? Optional.of(ProxmoxFailure.NOT_RUNNING) : Optional.empty();
    }

    private static Iterable<Path> recordings() throws IOException {
        String shared = Optional.ofNullable(System.getenv("CONTAINR_SHARED")).orElse("../../shared");
        Path directory = Path.of(shared, "proxmox", "transcripts");
        assumeTrue(Files.isDirectory(directory), "no recordings at " + directory.toAbsolutePath());
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.txt")) {
            return StreamSupport.stream(files.spliterator(), false).toList();
        }
    }
}
