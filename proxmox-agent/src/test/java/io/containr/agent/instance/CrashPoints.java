package io.containr.agent.instance;

import io.containr.agent.placement.AddressPool;
import io.containr.agent.placement.Placement;
import io.containr.agent.proxmox.Proxmox;
import io.containr.agent.proxmox.ProxmoxFirewall;
import io.containr.agent.session.GuestAccess;
import io.containr.agent.template.ImagePulls;
import io.containr.contracts.ids.InstanceId;
import java.lang.reflect.Modifier;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * Ends a piece of work at a chosen call to the outside or to the database, before or after the call took effect; the queue then does
 * what it does when a process died. Calls are counted per piece of work, such as {@code instances/<id>}.
 */
public final class CrashPoints implements BeanPostProcessor {

    /**
     * Where it is cut off.
     *
     * @param method null: any
     * @param call the number of the call, from 1, of that method if it is named
     */
    public record Point(@Nullable String method, int call, boolean before) {

        public Point(int call, boolean before) {
            this(null, call, before);
        }
    }

    private static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Crash(String where) {
            super("crash " + where, null, false, false);
        }
    }

    private final Predicate<Object> watched;
    private final Map<String, Point> points = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
    private final Map<String, String> crashed = new ConcurrentHashMap<>();

    /** At every call that the work on an instance takes. */
    CrashPoints() {
        this(bean -> Stream.of(
                        Proxmox.class,
                        ProxmoxFirewall.class,
                        Instances.class,
                        Transitions.class,
                        Volumes.class,
                        AddressPool.class,
                        Placement.class,
                        ImagePulls.class,
                        GuestAccess.class)
                .anyMatch(type -> type.isInstance(bean)));
    }

    /** At calls of these beans. */
    public CrashPoints(Predicate<Object> watched) {
        this.watched = watched;
    }

    void set(InstanceId instance, @Nullable Point point) {
        set("instances/" + instance, point);
    }

    /** Counts anew from here. */
    public void set(String key, @Nullable Point point) {
        calls.put(key, new AtomicInteger());
        crashed.remove(key);
        if (point == null) {
            points.remove(key);
        } else {
            points.put(key, point);
        }
    }

    int callsOf(InstanceId instance) {
        return callsOf("instances/" + instance);
    }

    public int callsOf(String key) {
        return calls.getOrDefault(key, new AtomicInteger()).get();
    }

    @Nullable
    String crashOf(InstanceId instance) {
        return crashOf("instances/" + instance);
    }

    /** Where it was; null: not yet. */
    public @Nullable String crashOf(String key) {
        return crashed.get(key);
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (!watched.test(bean)) {
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
            String method = invocation.getMethod().getName();
            String where = method + " (call " + call + ")";
            crash(key, new Point(call, true), "before " + where);
            crash(key, new Point(method, 1, true), "before " + where);
            Object result = invocation.proceed();
            crash(key, new Point(call, false), "after " + where);
            crash(key, new Point(method, 1, false), "after " + where);
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
