package io.containr.build.cleanup;

import io.containr.build.engine.EngineImages;
import io.containr.build.image.NamedImages;
import io.containr.build.image.PushedManifests;
import io.containr.build.image.RegistryManifests;
import org.springframework.stereotype.Component;

/** All that is in the registry and the engine for one scope. */
@Component
class ImagesOfScope {

    private final PushedManifests pushed;
    private final NamedImages named;
    private final RegistryManifests registry;
    private final EngineImages engine;

    ImagesOfScope(PushedManifests pushed, NamedImages named, RegistryManifests registry, EngineImages engine) {
        this.pushed = pushed;
        this.named = named;
        this.registry = registry;
        this.engine = engine;
    }

    /** Takes it away; done again, it goes on where it was interrupted. */
    void removeAll(String scope) {
        pushed.of(scope).forEach(manifest -> registry.delete(scope, manifest.digest()));
        named.removeAll(scope);
        engine.forgetLatest(scope);
    }
}
