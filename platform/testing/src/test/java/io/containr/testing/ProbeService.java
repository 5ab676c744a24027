package io.containr.testing;

import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.project.ProjectEvent.ProjectCreated;
import io.containr.contracts.project.ProjectEvent.ProjectUpdated;
import io.containr.runtime.messaging.MessageSubscription;
import io.containr.runtime.messaging.Outbox;
import io.containr.runtime.security.Actor;
import io.containr.runtime.security.OpenPaths;
import io.containr.runtime.web.ApiException;
import io.containr.runtime.work.Next;
import io.containr.runtime.work.Work;
import io.containr.runtime.work.WorkQueue;
import io.containr.runtime.work.WorkQueues;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.kafka.clients.producer.Producer;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** The smallest service there is: shows what the runtime gives to every other. */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import(ProbeService.Endpoints.class)
class ProbeService {

    static final AtomicBoolean FAIL_NEXT_SEND = new AtomicBoolean();

    final List<ProjectCreated> handled = new CopyOnWriteArrayList<>();
    final AtomicReference<Function<Work, Next>> work = new AtomicReference<>(item -> Next.done());

    @Bean
    MessageSubscription probeMessages(Outbox outbox) {
        return MessageSubscription.named("probe-service/main")
                .on(ProjectCreated.class, (event, meta) -> {
                    if (event.name().equals("throw")) {
                        throw new IllegalStateException("asked to throw");
                    }
                    outbox.append(
                            new ProjectUpdated(event.project(), event.owner(), "seen " + event.name()),
                            event.project());
                    handled.add(event);
                })
                .build();
    }

    /** Lets the next message fail on its way to the broker, not with an exception but with an error. */
    @Bean
    static BeanPostProcessor producerThatFails() {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                if (!(bean instanceof Producer<?, ?>)) {
                    return bean;
                }
                return Proxy.newProxyInstance(
                        ProbeService.class.getClassLoader(), new Class<?>[] {Producer.class}, (proxy, method, args) -> {
                            if (method.getName().equals("send") && FAIL_NEXT_SEND.getAndSet(false)) {
                                throw new NoClassDefFoundError("asked to fail");
                            }
                            try {
                                return method.invoke(bean, args);
                            } catch (InvocationTargetException e) {
                                throw e.getTargetException();
                            }
                        });
            }
        };
    }

    @Bean
    WorkQueue probeQueue(WorkQueues queues) {
        return queues.create("probe", 4, item -> work.get().apply(item));
    }

    @Bean
    OpenPaths openPaths() {
        return OpenPaths.of("/open");
    }

    @RestController
    static class Endpoints {

        @GetMapping("/open")
        Map<String, String> open() {
            return Map.of("answer", "open");
        }

        @GetMapping("/me")
        Map<String, String> me(Actor actor) {
            return Map.of("user_id", actor.id().toString());
        }

        @GetMapping("/boom")
        Map<String, String> boom() {
            throw new IllegalStateException("secret detail");
        }

        @GetMapping("/things/{id}")
        Map<String, String> thing(@PathVariable ProjectId id) {
            throw ApiException.notFound("Thing");
        }

        @PostMapping("/things")
        Map<String, String> create(@Valid @RequestBody Thing thing) {
            return Map.of("name", thing.displayName());
        }
    }

    record Thing(@NotBlank String displayName, int size) {}
}
