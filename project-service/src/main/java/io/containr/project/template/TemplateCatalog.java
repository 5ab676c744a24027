package io.containr.project.template;

import io.containr.runtime.web.ApiException;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** The templates that come with this version. */
@Component
class TemplateCatalog {

    private final List<Template> templates;

    TemplateCatalog(JsonMapper json) throws IOException {
        this.templates = List.copyOf(new TemplateFiles(json).read());
    }

    /** @param category null: all */
    List<Template> list(@Nullable String category) {
        return templates.stream()
                .filter(template -> category == null || template.category().equalsIgnoreCase(category))
                .toList();
    }

    /** @throws ApiException NOT_FOUND if there is none */
    Template get(String id) {
        return templates.stream()
                .filter(template -> template.id().equals(id))
                .findFirst()
                .orElseThrow(() -> ApiException.notFound("Template"));
    }
}
