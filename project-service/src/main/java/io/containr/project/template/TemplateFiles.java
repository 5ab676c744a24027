package io.containr.project.template;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the catalogue's files. One that is not as the schema says keeps the service from starting. */
final class TemplateFiles {

    private static final String FILES = "classpath:project-service-templates/*.json";
    private static final String SCHEMA = "project-service-template.schema.json";

    private final JsonMapper json;
    private final Schema schema;

    TemplateFiles(JsonMapper json) throws IOException {
        this.json = json;
        try (InputStream stream = new ClassPathResource(SCHEMA).getInputStream()) {
            this.schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(stream);
        }
    }

    /** All of them, in the order of their names. */
    List<Template> read() throws IOException {
        List<Template> templates = new ArrayList<>();
        for (Resource file : new PathMatchingResourcePatternResolver().getResources(FILES)) {
            try (InputStream stream = file.getInputStream()) {
                templates.add(parse(String.valueOf(file.getFilename()), json.readTree(stream)));
            }
        }
        templates.sort(Comparator.comparing(Template::name, String.CASE_INSENSITIVE_ORDER));
        return templates;
    }

    /** @throws IllegalStateException naming the file and everything that is wrong with it */
    Template parse(String file, JsonNode content) {
        List<String> problems = new ArrayList<>(schema.validate(content.toString(), InputFormat.JSON).stream()
                .map(Error::toString)
                .toList());
        if (problems.isEmpty()) {
            Template template = json.treeToValue(content, Template.class);
            if (!file.equals(template.id() + ".json")) {
                problems.add("its id is " + template.id());
            }
            Set<String> keys = new HashSet<>();
            template.variables().stream()
                    .map(Template.Variable::key)
                    .filter(key -> !keys.add(key))
                    .forEach(key -> problems.add("the variable " + key + " comes twice"));
            if (problems.isEmpty()) {
                return template;
            }
        }
        throw new IllegalStateException("The template " + file + " is broken: " + String.join("; ", problems));
    }
}
