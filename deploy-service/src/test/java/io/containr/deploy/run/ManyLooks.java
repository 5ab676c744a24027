package io.containr.deploy.run;

import io.containr.contracts.ids.ServiceId;
import io.containr.runtime.work.Work;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.beans.factory.BeanFactory;

/** Looks at a scheduled service from several threads at once, as several copies of deploy-service would. */
public final class ManyLooks {

    private ManyLooks() {}

    public static void at(ServiceId service, BeanFactory beans) {
        RunLoop loop = beans.getBean(RunLoop.class);
        try (ExecutorService copies = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                copies.submit(() -> loop.look(new Work(service.toString(), 0, false)));
            }
        }
    }
}
