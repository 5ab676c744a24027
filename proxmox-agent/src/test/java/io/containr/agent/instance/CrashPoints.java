package io.containr.agent.instance;

import io.containr.agent.placement.AddressPool;
import io.containr.agent.placement.Placement;
import io.containr.agent.proxmox.Proxmox;
import io.containr.agent.proxmox.ProxmoxFirewall;
import io.containr.agent.session.GuestAccess;
import io.containr.agent.template.ImagePulls;
import io.containr.contracts.ids.InstanceId;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * Ends the work on an instance at a chosen call to the outside or to the database, before or after the call took effect;
 * the queue then does what it does when a process died. Calls are counted per instance.
 */
final class CrashPoints implements BeanPostProcessor {

    private static final List<Class<?>> WATCHED = List.of(
            Proxmox.class,
            ProxmoxFirewall.class,
            Instances.class,
            Transitions.class,
            Volumes.class,
            AddressPool.class,
            Placement.class,
            ImagePulls.class,
            GuestAccess.class);

    /** @param call the number of the call, from 1 */
    record Point(int call, boolean before) {}

    static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Crash(String where) {
            super("crash " + where, null, false, false);
        }
    }

    private final Map<String, Point> points = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
    private final Map<String, String> crashed = new ConcurrentHashMap<>();

    /** Counts anew from here. */
    void set(InstanceId instance, @Nullable Point point) {
        String key = "instances/" + instance;
        calls.put(key, new AtomicInteger());
        crashed.remove(key);
        if (point == null) {
            points.remove(key);
        } else {
            points.put(key, point);
        }
    }

    int callsOf(InstanceId instance) {
        return calls.getOrDefault("instances/" + instance, new AtomicInteger()).get();
    }

    @Nullable
    String crashOf(InstanceId instance) {
        return crashed.get("instances/" + instance);
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (WATCHED.stream().noneMatch(type -> type.isInstance(bean))) {
            return bean;
        }
        ProxyFactory factory = new ProxyFactory(bean);
        factory.setProxyTargetClass(!Modifier.isFinal(bean.getClass().getModifiers()));
        factory.addAdvice((MethodInterceptor) invocation -> {
            String key = String.valueOf(MDC.get("work"));
            AtomicInteger count = calls.get(key);
            if (count == null) {
                return invocation.proceed();
            }
            int call = count.incrementAndGet();
            String where = invocation.getMethod().getName() + " (call " + call + ")";
            crash(key, new Point(call, true), "before " + where);
            Object result = invocation.proceed();
            crash(key, new Point(call, false), "after " + where);
            return result;
        });
        return factory.getProxy();
    }

    private void crash(String key, Point here, String where) {
        if (points.remove(key, here)) {
            crashed.put(key, where);
            throw new Crash(where);
        }
    }
}
