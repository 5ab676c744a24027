package io.containr.agent.upkeep;

import io.containr.runtime.work.Next;
import io.containr.runtime.work.WorkQueue;
import io.containr.runtime.work.WorkQueues;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The queue of chores: the lease on its key is what makes each run in one place at a time. */
@Configuration(proxyBeanMethods = false)
class UpkeepConfiguration {

    @Bean
    WorkQueue upkeepQueue(WorkQueues queues, List<Chore> chores) {
        Map<String, Chore> byName =
                chores.stream().collect(Collectors.toUnmodifiableMap(Chore::name, Function.identity()));
        return queues.create("upkeep", chores.size(), work -> {
            Chore chore = byName.get(work.key());
            if (chore == null) {
                return Next.done();
            }
            chore.run();
            return Next.after(chore.interval());
        });
    }

    @Bean
    ApplicationListener<ApplicationReadyEvent> upkeepStart(WorkQueue upkeepQueue, List<Chore> chores) {
        return ready -> chores.forEach(chore -> upkeepQueue.wake(chore.name()));
    }
}
