package io.containr.runtime.messaging;

import io.containr.contracts.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/** How each topic is laid out: partitions, and how long it keeps what. */
public final class TopicLayout {

    private static final Duration EVENTS = Duration.ofDays(30);
    private static final Duration COMMANDS = Duration.ofDays(7);
    private static final Duration LOGS = Duration.ofDays(1);

    private final int partitions;
    private final short replicas;

    TopicLayout(int partitions, short replicas) {
        this.partitions = partitions;
        this.replicas = replicas;
    }

    /** Every topic of Containr, and a dead-letter topic for each of the given consumers. */
    public List<NewTopic> topics(List<String> consumers) {
        List<NewTopic> topics = new ArrayList<>();
        Topics.ALL.forEach(name -> topics.add(topic(name)));
        consumers.forEach(consumer -> topics.add(kept(Topics.deadLetters(consumer), 1, EVENTS)));
        return topics;
    }

    private NewTopic topic(String name) {
        return switch (name) {
            case Topics.ROUTES -> compacted(name);
            case Topics.BUILD_COMMANDS, Topics.AGENT_COMMANDS -> kept(name, partitions, COMMANDS);
            case Topics.LOGS, Topics.ROUTE_EVENTS, Topics.USAGE -> kept(name, partitions, LOGS);
            default -> kept(name, partitions, EVENTS);
        };
    }

    private NewTopic compacted(String name) {
        Map<String, String> settings = new HashMap<>();
        settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
        return new NewTopic(name, 1, replicas).configs(settings);
    }

    private NewTopic kept(String name, int partitionCount, Duration retention) {
        return new NewTopic(name, partitionCount, replicas)
                .configs(Map.of(TopicConfig.RETENTION_MS_CONFIG, Long.toString(retention.toMillis())));
    }
}
