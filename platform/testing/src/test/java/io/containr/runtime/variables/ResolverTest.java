package io.containr.runtime.variables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containr.contracts.ids.ServiceId;
import io.containr.runtime.Ids;
import io.containr.runtime.variables.Resolver.UnresolvableException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResolverTest {

    private final List<Told> members = new ArrayList<>();
    private final Told shared = member(Owner.SHARED);
    private final Told web = service("web");
    private final Told database = service("My Postgres-1");

    @Test
    void referencesStandInsideLongerTextAndSeveralOfThem() {
        database.with("USER", "ada").with("PASSWORD", "${{shared.SECRET}}");
        shared.with("SECRET", "s3cret");
        web.with("HOST", "db")
                .with("URL", "postgres://${{My Postgres-1.USER}}:${{ my postgres-1.PASSWORD }}@${{HOST}}/app?x={{y}}");

        assertThat(resolve(web, "URL")).isEqualTo("postgres://ada:s3cret@db/app?x={{y}}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            $${{shared.A}}       | ${{shared.A}}
            $${{                 | ${{
            $$${{x}}             | $${{x}}
            $ {{x}} $}} ${x} $x  | $ {{x}} $}} ${x} $x
            ${{shared.A}}$${{b}} | 1${{b}}
            ${{shared.A}}}}      | 1}}""")
    void whatIsNoReferenceStaysAndAnEscapedOneIsALiteral(String text, String value) {
        shared.with("A", "1");
        web.with("X", text);
        assertThat(resolve(web, "X")).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ab${{shared.A       | the reference at character 3 is not closed by }}
            ${{}}               | at character 1 must read
            ${{.A}}             | at character 1 must read
            ${{shared.}}        | at character 1 must read
            ${{a.b.C}}          | at character 1 must read
            ${{shared.1A}}      | at character 1 must read
            ${{ s3cr;t }}       | at character 1 must read""")
    void aMalformedReferenceIsNamedByItsPlaceAlone(String text, String problem) {
        web.with("X", text);
        assertThatThrownBy(() -> resolve(web, "X"))
                .hasMessageContaining(problem)
                .hasMessageNotContaining("s3cr;t");
    }

    @Test
    void everythingThatIsMissingIsNamed() {
        web.with("X", "${{Redis.URL}} ${{shared.NO}} ${{my postgres-1.NO}} ${{NO}} ${{CONTAINR_DEPLOYMENT_ID}}");

        assertThat(problem(web, "X"))
                .isEqualTo("refers to ${{Redis.URL}}: the project has no service named Redis; "
                        + "refers to ${{shared.NO}}: the project shares no variable named NO; "
                        + "refers to ${{my postgres-1.NO}}: My Postgres-1 has no variable named NO; "
                        + "refers to ${{NO}}: web has no variable named NO; "
                        + "refers to ${{CONTAINR_DEPLOYMENT_ID}}: CONTAINR_DEPLOYMENT_ID differs from deployment to"
                        + " deployment and cannot be referred to");
    }

    @Test
    void theWayToWhatIsMissingIsNamed() {
        web.with("X", "${{shared.A}}");
        shared.with("A", "${{Redis.URL}}");
        assertThat(problem(web, "X"))
                .isEqualTo("refers to ${{shared.A}}, which refers to ${{Redis.URL}}:"
                        + " the project has no service named Redis");
    }

    @Test
    void aCycleIsNamedAsAWholeFromWhereverItIsSeen() {
        web.with("A", "${{shared.B}}").with("OUTSIDE", "${{A}}").with("SELF", "x${{SELF}}");
        shared.with("B", "${{My Postgres-1.C}}");
        database.with("C", "${{web.A}}");
        Resolver resolver = new Resolver(new Scope(members));

        assertThatThrownBy(() -> resolver.resolve(web.owner, "OUTSIDE"))
                .hasMessage("leads to the cycle web.A → shared.B → My Postgres-1.C → web.A");
        assertThatThrownBy(() -> resolver.resolve(Owner.SHARED, "B"))
                .hasMessage("is part of the cycle shared.B → My Postgres-1.C → web.A → shared.B");
        assertThatThrownBy(() -> resolver.resolve(web.owner, "SELF"))
                .hasMessage("is part of the cycle web.SELF → web.SELF");
    }

    @Test
    void valuesThatDoubleAreRefusedBeforeTheyFillTheMemory() {
        web.with("V0", "x".repeat(1000));
        for (int i = 1; i <= 40; i++) {
            web.with("V" + i, "${{V%d}}${{V%d}}".formatted(i - 1, i - 1));
        }
        assertThat(resolve(web, "V5")).hasSize(32_000);
        assertThat(problem(web, "V40")).contains("is larger than 32 KiB with its references resolved");
        assertThat(problem(web, "V40").length()).isLessThan(20_000);
    }

    @Test
    void aChainWithoutAnEndInSightIsRefused() {
        web.with("V0", "x");
        for (int i = 1; i <= 10_000; i++) {
            web.with("V" + i, "${{V%d}}".formatted(i - 1));
        }
        assertThat(resolve(web, "V50")).isEqualTo("x");
        assertThat(problem(web, "V10000")).isEqualTo("is more than 50 references deep");
    }

    @Test
    void aServiceCalledSharedDoesNotHideWhatIsShared() {
        service("Shared").with("A", "the service's");
        shared.with("A", "the project's");
        web.with("X", "${{shared.A}}${{SHARED.A}}");
        assertThat(resolve(web, "X")).isEqualTo("the project'sthe project's");
    }

    private String resolve(Told member, String name) {
        return new Resolver(new Scope(members)).resolve(member.owner, name);
    }

    private String problem(Told member, String name) {
        try {
            resolve(member, name);
        } catch (UnresolvableException e) {
            return e.problem();
        }
        throw new AssertionError(name + " was resolved");
    }

    private Told service(String name) {
        return member(new Owner(new ServiceId(Ids.next()), name));
    }

    private Told member(Owner owner) {
        Told member = new Told(owner, new HashMap<>());
        members.add(member);
        return member;
    }

    private record Told(Owner owner, Map<String, String> texts) implements Scope.Member {

        Told with(String name, String text) {
            texts.put(name, text);
            return this;
        }

        @Override
        public @Nullable Definition find(String name) {
            String text = texts.get(name);
            return text == null ? null : new Definition.Written(text);
        }
    }
}
