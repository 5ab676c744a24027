package io.containr.project.variables;

import io.containr.contracts.Sealed;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.project.ServiceKind;
import io.containr.contracts.project.ServiceSpec;
import io.containr.project.input.Problems;
import io.containr.project.variables.VariableVault.Purpose;
import io.containr.runtime.variables.Definition;
import io.containr.runtime.variables.Owner;
import io.containr.runtime.variables.ProvidedVariables;
import io.containr.runtime.variables.Resolver;
import io.containr.runtime.variables.Resolver.UnresolvableException;
import io.containr.runtime.variables.Scope;
import io.containr.runtime.variables.Template;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Refuses values whose references mean nothing, or lead round in a circle, in the project as it would be with them. The
 * caller holds the project's row lock, so that two who come at once cannot close a circle between them.
 */
@Component
public class ReferenceCheck {

    private final SharedVariableTable shared;
    private final ServiceSets services;
    private final KnownDatabases databases;
    private final VariableVault vault;

    ReferenceCheck(SharedVariableTable shared, ServiceSets services, KnownDatabases databases, VariableVault vault) {
        this.shared = shared;
        this.services = services;
        this.databases = databases;
        this.vault = vault;
    }

    /**
     * Notes what is wrong with values of a service.
     *
     * @param all what its application would be given, by name
     * @param put those of them, or of its build, that are to be looked at
     */
    public void ofService(
            Problems problems,
            ProjectId project,
            ServiceSet service,
            Map<String, String> all,
            String field,
            Map<String, String> put) {
        if (put.values().stream().allMatch(Template::isPlain)) {
            return;
        }
        Owner owner = new Owner(service.service(), service.name());
        List<Scope.Member> members = others(project, owner);
        members.add(sharedOf(project));
        members.add(new Candidate(owner, service.kind(), all));
        check(problems, new Resolver(new Scope(members)), owner, all, field, put);
    }

    /** Notes what is wrong with values that shall be shared. */
    public void ofShared(Problems problems, ProjectId project, String field, Map<String, String> put) {
        if (put.values().stream().allMatch(Template::isPlain)) {
            return;
        }
        List<Scope.Member> members = others(project, Owner.SHARED);
        members.add(new Candidate(Owner.SHARED, null, put));
        check(problems, new Resolver(new Scope(members)), Owner.SHARED, put, field, put);
    }

    private static void check(
            Problems problems,
            Resolver resolver,
            Owner owner,
            Map<String, String> all,
            String field,
            Map<String, String> put) {
        put.forEach((name, text) -> {
            try {
                if (text.equals(all.get(name))) {
                    resolver.resolve(owner, name);
                } else {
                    resolver.resolve(owner, name, text);
                }
            } catch (UnresolvableException e) {
                problems.add(field + "." + name, e.problem());
            }
        });
    }

    private List<Scope.Member> others(ProjectId project, Owner candidate) {
        List<Scope.Member> members = new ArrayList<>(databases.of(project));
        for (ServiceSet service : services.of(project)) {
            if (!service.service().equals(candidate.service())) {
                members.add(new Kept(
                        new Owner(service.service(), service.name()),
                        service.kind(),
                        service.values(),
                        Purpose.service(service.service()),
                        vault));
            }
        }
        return members;
    }

    private Scope.Member sharedOf(ProjectId project) {
        Map<String, Sealed> values = new HashMap<>();
        shared.find(project).variables().forEach((name, variable) -> values.put(name, variable.value()));
        return new Kept(Owner.SHARED, null, values, name -> ServiceSpec.sealedForShared(project, name), vault);
    }

    /** What the platform gives is not known here, only that it does. */
    private static @Nullable Definition provided(@Nullable ServiceKind kind, String name) {
        return kind != null && ProvidedVariables.of(kind).contains(name) ? new Definition.Given("") : null;
    }

    private record Candidate(Owner owner, @Nullable ServiceKind kind, Map<String, String> texts)
            implements Scope.Member {

        @Override
        public @Nullable Definition find(String name) {
            String text = texts.get(name);
            return text == null ? provided(kind, name) : new Definition.Written(text);
        }
    }

    private record Kept(
            Owner owner, @Nullable ServiceKind kind, Map<String, Sealed> values, Purpose purpose, VariableVault vault)
            implements Scope.Member {

        @Override
        public @Nullable Definition find(String name) {
            Sealed sealed = values.get(name);
            return sealed == null ? provided(kind, name) : new Definition.Written(vault.open(purpose, name, sealed));
        }
    }
}
