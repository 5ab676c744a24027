package io.containr.simulator.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.simulator.engine.Containers;
import io.containr.simulator.engine.GuestUsage;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplerTest {

    private static final int STUCK = 9;
    private static final int OTHERS = 20;

    private final CountDownLatch measured = new CountDownLatch(OTHERS);

    /** Each guest's measurement takes until all are being measured; one cannot be measured. */
    private final Containers containers = (Containers) Proxy.newProxyInstance(
            Containers.class.getClassLoader(), new Class<?>[] {Containers.class}, (_, method, arguments) -> {
                if (method.getName().equals("running")) {
                    return IntStream.rangeClosed(STUCK, STUCK + OTHERS)
                            .boxed()
                            .collect(Collectors.toMap(vmid -> vmid, vmid -> "c" + vmid));
                }
                int vmid = (int) arguments[0];
                if (vmid == STUCK) {
                    throw new IllegalStateException("the engine does not answer for it");
                }
                measured.countDown();
                measured.await();
                return new GuestUsage(0, vmid, 0, 0, 0, 0);
            });

    @Test
    void guestsAreMeasuredSideBySideAndOneThatCannotBeKeepsNoOtherFromIt() {
        try (Sampler sampler = new Sampler(containers, Clock.systemUTC(), Duration.ofMillis(100))) {
            for (int vmid = STUCK + 1; vmid <= STUCK + OTHERS; vmid++) {
                int guest = vmid;
                await().untilAsserted(
                                () -> assertThat(sampler.latest(guest).memory()).isEqualTo(guest));
            }
            assertThat(sampler.latest(STUCK)).isEqualTo(GuestUsage.NONE);
        }
    }
}
