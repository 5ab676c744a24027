package io.containr.audit.log;

import io.containr.audit.log.Entries.Head;
import io.containr.audit.log.Entries.Linked;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Where facts are added, and nothing else is done with them. */
@Component
public class AuditLog {

    private final Entries entries;
    private final Viewers viewers;
    private final Clock clock;

    AuditLog(Entries entries, Viewers viewers, Clock clock) {
        this.entries = entries;
        this.viewers = viewers;
        this.clock = clock;
    }

    /**
     * Adds facts in their order, all or none; those that are there already are left out. One writer at a time, whatever
     * the number of copies of this service, since each entry's hash needs the one before it.
     *
     * @return how many were new
     */
    @Transactional
    public int append(List<Fact> facts) {
        Map<UUID, Fact> fresh = new LinkedHashMap<>();
        facts.forEach(fact -> fresh.putIfAbsent(fact.id(), fact));
        if (fresh.isEmpty()) {
            return 0;
        }
        Head head = entries.lockHead();
        fresh.keySet().removeAll(entries.known(fresh.keySet()));
        if (fresh.isEmpty()) {
            return 0;
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        List<Linked> chain = new ArrayList<>(fresh.size());
        for (Fact fact : fresh.values()) {
            Entry entry = new Entry(head.seq() + 1, fact, now);
            byte[] hash = ChainHash.of(head.hash(), entry);
            chain.add(new Linked(entry, hash));
            head = new Head(entry.seq(), hash);
        }
        entries.insert(chain);
        entries.moveHead(head);
        viewers.add(chain.stream().map(Linked::entry).toList());
        return chain.size();
    }
}
