package io.containr.testing;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.properties.HasParameterTypes;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Set;
import org.springframework.beans.factory.annotation.Autowired;

/** The rules that hold in every service. Each applies them with {@code ArchTests.in(ServiceRules.class)}. */
public final class ServiceRules {

    private static final Set<String> SHARED = Set.of("contracts", "runtime", "guestinit");
    private static final List<String> EDGES = List.of("web", "messaging");

    private static final DescribedPredicate<JavaClass> TESTS = DescribedPredicate.describe(
            "are tests",
            type -> type.getSource()
                    .map(source -> source.getUri().toString().contains("/test-classes/"))
                    .orElse(false));

    private static final DescribedPredicate<JavaClass> PRODUCTION =
            DescribedPredicate.not(TESTS).as("go into production");

    private static final DescribedPredicate<JavaClass> EDGE =
            DescribedPredicate.describe("are at the edge of a service (web, messaging)", ServiceRules::isEdge);

    /** The base package wires everything together; below it, features do not know who calls them. */
    @ArchTest
    static final ArchRule featuresKnowNothingOfTheirEdges = noClasses()
            .that(PRODUCTION)
            .and(DescribedPredicate.describe("are features", type -> depth(type) > 3 && !isEdge(type)))
            .should()
            .dependOnClassesThat(EDGE)
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule servicesDependOnThePlatformAlone = classes()
            .that(PRODUCTION)
            .should(new ArchCondition<>("depend on no other service") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    type.getDirectDependenciesFromSelf().stream()
                            .filter(dependency -> isContainr(dependency.getTargetClass()))
                            .filter(dependency ->
                                    !module(dependency.getTargetClass()).equals(module(type))
                                            && !SHARED.contains(module(dependency.getTargetClass())))
                            .forEach(dependency ->
                                    events.add(SimpleConditionEvent.violated(type, dependency.getDescription())));
                }
            });

    @ArchTest
    static final ArchRule timeComesFromTheClock = noClasses()
            .that(PRODUCTION)
            .should()
            .callMethodWhere(target(owner(JavaClass.Predicates.assignableTo("java.time.temporal.Temporal")))
                    .and(target(name("now")))
                    .and(target(HasParameterTypes.Predicates.rawParameterTypes(List.of()))))
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .because("tests move the clock; there is one bean of it");

    @ArchTest
    static final ArchRule whatIsNeededComesThroughTheConstructor =
            fields().that().areDeclaredInClassesThat(PRODUCTION).should().notBeAnnotatedWith(Autowired.class);

    @ArchTest
    static final ArchRule nothingIsPrinted = noClasses()
            .that(PRODUCTION)
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .because("logging says who speaks, and goes where operators look");

    @ArchTest
    static final ArchRule testsDoNotSleep = noClasses()
            .that(TESTS)
            .should()
            .callMethodWhere(
                    target(owner(JavaClass.Predicates.type(Thread.class))).and(target(name("sleep"))))
            .because("they wait for what they want to see");

    private ServiceRules() {}

    private static boolean isEdge(JavaClass type) {
        if (!isContainr(type) || SHARED.contains(module(type))) {
            return false;
        }
        return List.of(type.getPackageName().split("\\.")).stream().anyMatch(EDGES::contains);
    }

    private static boolean isContainr(JavaClass type) {
        return type.getPackageName().startsWith("io.containr.");
    }

    /** The third word of a package name, such as {@code deploy}. */
    private static String module(JavaClass type) {
        return type.getPackageName().split("\\.")[2];
    }

    private static int depth(JavaClass type) {
        return type.getPackageName().split("\\.").length;
    }
}
