package io.containr.simulator.access;

import io.containr.simulator.access.AccessState.StoredPool;
import io.containr.simulator.api.ApiException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Pools: named sets of guests and storages that rights are granted on. A guest is in one pool at most. */
public final class Pools {

    /** A pool as it is at one moment. */
    public record Pool(String id, String comment, Set<Integer> guests, Set<String> storages) {}

    private final AccessControl access;

    public Pools(AccessControl access) {
        this.access = access;
    }

    public void create(String id, String comment) {
        synchronized (access) {
            if (access.state().pools().containsKey(id)) {
                throw ApiException.failed("create pool failed: pool '" + id + "' already exists");
            }
            access.state().pools().put(id, new StoredPool(comment, new TreeSet<>(), new TreeSet<>()));
            access.save();
        }
    }

    public boolean exists(String id) {
        synchronized (access) {
            return access.state().pools().containsKey(id);
        }
    }

    /** Fails as Proxmox does where the pool is missing. */
    public Pool get(String id) {
        synchronized (access) {
            StoredPool pool = access.state().pools().get(id);
            if (pool == null) {
                throw ApiException.failed("pool '" + id + "' does not exist");
            }
            return new Pool(id, pool.comment(), new TreeSet<>(pool.guests()), new TreeSet<>(pool.storages()));
        }
    }

    public Map<String, Pool> all() {
        synchronized (access) {
            Map<String, Pool> all = new TreeMap<>();
            access.state().pools().keySet().forEach(id -> all.put(id, get(id)));
            return all;
        }
    }

    public Optional<String> poolOf(int vmid) {
        synchronized (access) {
            return access.state().pools().entrySet().stream()
                    .filter(pool -> pool.getValue().guests().contains(vmid))
                    .map(Map.Entry::getKey)
                    .findFirst();
        }
    }

    public void addGuest(String id, int vmid) {
        synchronized (access) {
            pool(id).guests().add(vmid);
            access.save();
        }
    }

    void removeGuest(String id, int vmid) {
        synchronized (access) {
            pool(id).guests().remove(vmid);
            access.save();
        }
    }

    void addStorage(String id, String storage) {
        synchronized (access) {
            pool(id).storages().add(storage);
            access.save();
        }
    }

    void removeStorage(String id, String storage) {
        synchronized (access) {
            pool(id).storages().remove(storage);
            access.save();
        }
    }

    void comment(String id, String comment) {
        synchronized (access) {
            StoredPool pool = pool(id);
            access.state().pools().put(id, new StoredPool(comment, pool.guests(), pool.storages()));
            access.save();
        }
    }

    void delete(String id) {
        synchronized (access) {
            StoredPool pool = pool(id);
            if (!pool.guests().isEmpty() || !pool.storages().isEmpty()) {
                throw ApiException.failed("delete pool failed: pool '" + id + "' is not empty");
            }
            access.state().pools().remove(id);
            access.save();
        }
    }

    private StoredPool pool(String id) {
        StoredPool pool = access.state().pools().get(id);
        if (pool == null) {
            throw ApiException.failed("pool '" + id + "' does not exist");
        }
        return pool;
    }
}
