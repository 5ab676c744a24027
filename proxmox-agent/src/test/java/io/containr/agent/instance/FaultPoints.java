package io.containr.agent.instance;

import io.containr.agent.proxmox.Proxmox;
import io.containr.agent.proxmox.ProxmoxFailure;
import io.containr.agent.proxmox.Refusals;
import io.containr.contracts.ids.InstanceId;
import java.lang.reflect.Modifier;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;

/** Has a chosen call to the cluster go wrong, before or after it took effect. Calls are counted per instance. */
final class FaultPoints implements BeanPostProcessor {

    /**
     * @param call the number of the call to the cluster, from 1
     * @param applied whether it takes effect
     */
    record Point(int call, ProxmoxFailure failure, boolean applied) {}

    private record Counted(AtomicInteger calls, @Nullable Point point, AtomicInteger hits) {}

    private final Map<String, Counted> counted = new ConcurrentHashMap<>();

    /** Counts anew from here. */
    void set(InstanceId instance, @Nullable Point point) {
        counted.put("instances/" + instance, new Counted(new AtomicInteger(), point, new AtomicInteger()));
    }

    int callsOf(InstanceId instance) {
        return of(instance).calls().get();
    }

    boolean hit(InstanceId instance) {
        return of(instance).hits().get() > 0;
    }

    private Counted of(InstanceId instance) {
        Counted found = counted.get("instances/" + instance);
        if (found == null) {
            throw new IllegalArgumentException("not counted: " + instance);
        }
        return found;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (!(bean instanceof Proxmox)) {
            return bean;
        }
        ProxyFactory factory = new ProxyFactory(bean);
        factory.setProxyTargetClass(!Modifier.isFinal(bean.getClass().getModifiers()));
        factory.addAdvice((MethodInterceptor) invocation -> {
            Counted here = counted.get(String.valueOf(MDC.get("work")));
            if (here == null) {
                return invocation.proceed();
            }
            Point point = here.point();
            boolean strikes = point != null && here.calls().incrementAndGet() == point.call();
            if (point == null) {
                here.calls().incrementAndGet();
            }
            if (!strikes) {
                return invocation.proceed();
            }
            here.hits().incrementAndGet();
            if (point.applied()) {
                invocation.proceed();
            }
            throw Refusals.of(point.failure(), invocation.getMethod().getName() + " goes wrong");
        });
        return factory.getProxy();
    }
}
