package io.containr.runtime.variables;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What references of one project can mean. Names of services know no case, and {@code shared} is always the project's. */
public final class Scope {

    private final Map<String, Member> byName = new HashMap<>();
    private final Map<Owner, Member> byOwner = new HashMap<>();

    public Scope(List<? extends Member> members) {
        for (Member member : members) {
            byOwner.put(member.owner(), member);
            String name = key(member.owner().name());
            if (member.owner().equals(Owner.SHARED) || !name.equals(Owner.SHARED.name())) {
                byName.put(name, member);
            }
        }
    }

    /** A service with its variables, or the project with what is shared. */
    public interface Member {
        Owner owner();

        /** Null where it has none of that name. */
        @Nullable
        Definition find(String name);
    }

    @Nullable
    Owner owner(String name) {
        Member member = byName.get(key(name));
        return member == null ? null : member.owner();
    }

    @Nullable
    Definition find(Owner owner, String name) {
        Member member = byOwner.get(owner);
        return member == null ? null : member.find(name);
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
