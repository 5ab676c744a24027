package io.containr.project.template;

import io.containr.project.input.Problems;
import io.containr.project.input.TextRules;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What a template's variables are worth in one deployment: given, the default, or made up where a secret may be. */
@Component
class TemplateValues {

    private static final int SECRET_BYTES = 32;
    private static final String FIELD = "variables";

    private final SecureRandom random = new SecureRandom();

    /** Notes what is missing, and what the template does not know. */
    Map<Template.Variable, String> resolve(Template template, Map<String, @Nullable String> given, Problems problems) {
        given.keySet().stream()
                .filter(key -> template.variable(key).isEmpty())
                .forEach(key -> problems.add(field(key), "is no variable of this template"));
        Map<Template.Variable, String> values = new LinkedHashMap<>();
        for (Template.Variable variable : template.variables()) {
            String value = TextRules.blankToNull(given.get(variable.key()));
            if (value == null) {
                value = variable.defaultValue();
            }
            if (value == null && variable.secret() && !variable.required()) {
                value = secret();
            }
            if (value != null) {
                values.put(variable, value);
            } else if (variable.required()) {
                problems.add(field(variable.key()), "is required");
            }
        }
        return values;
    }

    /** How problems name a variable. */
    static String field(String key) {
        return FIELD + "." + (key.length() <= 64 ? key : key.substring(0, 64) + "…");
    }

    private String secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
