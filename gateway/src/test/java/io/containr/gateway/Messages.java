package io.containr.gateway;

import io.containr.contracts.Topics;
import io.containr.testing.TestInfrastructure;
import io.containr.testing.TestMessages;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.awaitility.Awaitility;

/** Opens {@link TestMessages} on a broker that knows every topic: a new one takes a moment to after it made them. */
public final class Messages {

    private Messages() {}

    public static TestMessages open() {
        new TestMessages().close();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", TestInfrastructure.kafka()))) {
            Awaitility.await("the topics").until(() -> areKnown(admin));
        }
        return new TestMessages();
    }

    private static boolean areKnown(Admin admin) throws InterruptedException, ExecutionException {
        try {
            return admin.describeTopics(Topics.ALL).allTopicNames().get().values().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .allMatch(partition -> partition.leader() != null);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw e;
        }
    }
}
