package io.containr.agent.proxmox;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** Measures every call: {@code containr.proxmox.calls} by call and outcome, which is OK or what a refusal means. */
final class MeteredProxmox {

    private MeteredProxmox() {}

    static <T> T of(Class<T> type, T proxmox, MeterRegistry metrics) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            Timer.Sample begun = Timer.start(metrics);
            String outcome = "OK";
            try {
                return method.invoke(proxmox, arguments);
            } catch (InvocationTargetException e) {
                Throwable cause = e.getTargetException();
                outcome = cause instanceof ProxmoxException refusal
                        ? refusal.failure().name()
                        : cause.getClass().getSimpleName();
                throw cause;
            } finally {
                begun.stop(metrics.timer("containr.proxmox.calls", "call", method.getName(), "outcome", outcome));
            }
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
