package io.containr.simulator.guest;

import io.containr.simulator.api.ApiException;
import io.containr.simulator.api.Call;
import io.containr.simulator.api.Router;
import io.containr.simulator.guest.Guest.Firewall;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Named sets of addresses of a guest's firewall, which rules refer to as {@code +name}. Exceptions in a set are not known here. */
final class AddressSetEndpoints {

    private static final String BASE = "/nodes/{node}/lxc/{vmid}/firewall/ipset";

    private final Guests guests;
    private final GuestFirewalls firewalls;

    AddressSetEndpoints(Guests guests, GuestFirewalls firewalls) {
        this.guests = guests;
        this.firewalls = firewalls;
    }

    void addTo(Router router) {
        router.add("GET " + BASE, this::all)
                .add("POST " + BASE, this::create)
                .add("GET " + BASE + "/{name}", this::members)
                .add("POST " + BASE + "/{name}", this::addMember)
                .add("DELETE " + BASE + "/{name}", this::delete)
                .add("DELETE " + BASE + "/{name}/{cidr}", this::removeMember);
    }

    private Map<String, List<String>> sets(Call call) {
        return guests.require(call.node(), call.vmid()).firewall().sets();
    }

    private List<String> set(Call call) {
        return set(sets(call), call.text("name"));
    }

    private static List<String> set(Map<String, List<String>> sets, String name) {
        List<String> members = sets.get(name);
        if (members == null) {
            throw ApiException.failed("no such IPSet");
        }
        return members;
    }

    private static String digest(Object what) {
        return ConfigView.sha1(what.toString());
    }

    private Object all(Call call) {
        Map<String, List<String>> sets = sets(call);
        return sets.keySet().stream()
                .sorted()
                .map(name -> Map.of("name", name, "digest", digest(sets)))
                .toList();
    }

    private Object members(Call call) {
        List<String> members = set(call);
        return members.stream()
                .map(member -> Map.of("cidr", member, "digest", digest(members)))
                .toList();
    }

    private @Nullable Object create(Call call) {
        String name = call.text("name");
        return change(call, sets -> {
            if (sets.putIfAbsent(name, List.of()) != null) {
                throw ApiException.invalid("name", "IPSet '" + name + "' already exists");
            }
            return sets;
        });
    }

    private @Nullable Object addMember(Call call) {
        String member = call.text("cidr");
        if (call.flag("nomatch")) {
            throw ApiException.invalid("nomatch", "the simulator knows no exceptions");
        }
        if (member.endsWith("/0")) {
            throw ApiException.invalid("cidr", "a zero prefix is not allowed in ipset entries");
        }
        return change(call, sets -> {
            List<String> members = new ArrayList<>(set(sets, call.text("name")));
            if (members.contains(member)) {
                throw ApiException.invalid("cidr", "address '" + member + "' already exists");
            }
            members.add(member);
            sets.put(call.text("name"), members);
            return sets;
        });
    }

    private @Nullable Object removeMember(Call call) {
        return change(call, sets -> {
            List<String> members = new ArrayList<>(set(sets, call.text("name")));
            members.remove(call.text("cidr"));
            sets.put(call.text("name"), members);
            return sets;
        });
    }

    private @Nullable Object delete(Call call) {
        return change(call, sets -> {
            if (!set(sets, call.text("name")).isEmpty() && !call.flag("force")) {
                throw ApiException.failed("IPSet '" + call.text("name") + "' is not empty");
            }
            sets.remove(call.text("name"));
            return sets;
        });
    }

    private @Nullable Object change(Call call, UnaryOperator<Map<String, List<String>>> change) {
        guests.require(call.node(), call.vmid());
        firewalls.changed(guests.update(call.vmid(), guest -> {
            Firewall firewall = guest.firewall();
            return guest.withFirewall(firewall.withSets(change.apply(new TreeMap<>(firewall.sets()))));
        }));
        return null;
    }
}
