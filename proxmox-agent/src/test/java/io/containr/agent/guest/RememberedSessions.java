package io.containr.agent.guest;

import io.containr.contracts.ids.InstanceId;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One instance's sessions in memory, by the rules of the protocol, with switches for bad days. */
class RememberedSessions implements GuestSessions {

    final InstanceId instance;
    final List<GuestLine> lines = new CopyOnWriteArrayList<>();
    final List<GuestState> states = new CopyOnWriteArrayList<>();
    final List<String> events = new CopyOnWriteArrayList<>();
    volatile boolean storageFails;
    volatile GuestSpec spec;
    private final AtomicInteger sessionsIssued = new AtomicInteger();
    private volatile @Nullable String firstToken;
    private volatile @Nullable String session;
    private volatile long acked;
    volatile boolean specChanged;

    RememberedSessions(InstanceId instance, String firstToken, GuestSpec spec) {
        this.instance = instance;
        this.firstToken = firstToken;
        this.spec = spec;
    }

    @Override
    public Admission firstContact(InstanceId instance, String token, InetAddress source) {
        events.add("first");
        if (!this.instance.equals(instance) || !token.equals(firstToken)) {
            return new Admission.Refused("this token is not good", false);
        }
        session = "session-" + sessionsIssued.incrementAndGet();
        return new Admission.Welcome(session, spec, acked);
    }

    @Override
    public Admission resume(InstanceId instance, String sessionToken, InetAddress source) {
        events.add("resume");
        if (!this.instance.equals(instance) || !sessionToken.equals(session)) {
            return new Admission.Refused("this session is unknown", false);
        }
        firstToken = null;
        return new Admission.Welcome(null, specChanged ? spec : null, acked);
    }

    @Override
    public void confirm(InstanceId instance) {
        events.add("confirm");
        firstToken = null;
        specChanged = false;
    }

    @Override
    public synchronized void lines(InstanceId instance, List<GuestLine> received) {
        if (storageFails) {
            throw new IllegalStateException("the database is away");
        }
        received.stream().filter(line -> line.seq() > acked).forEach(lines::add);
        acked = received.getLast().seq();
    }

    @Override
    public void state(InstanceId instance, GuestState state) {
        states.add(state);
    }

    @Override
    public void connected(InstanceId instance) {
        events.add("connected");
    }

    @Override
    public void disconnected(InstanceId instance) {
        events.add("disconnected");
    }

    List<String> texts() {
        var texts = new ArrayList<String>();
        lines.forEach(line -> texts.add(line.text()));
        return texts;
    }

    long count(String event) {
        return events.stream().filter(event::equals).count();
    }
}
