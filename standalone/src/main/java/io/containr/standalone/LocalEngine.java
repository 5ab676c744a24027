package io.containr.standalone;

import io.containr.standalone.demo.EngineImage;

/**
 * A version of a database's engine that is made of this machine's Debian packages, and kept in the installation's own registry.
 *
 * @param version as databases ask for it
 */
record LocalEngine(EngineImage image, String version) {

    static final LocalEngine POSTGRESQL = new LocalEngine(EngineImage.POSTGRESQL, "15-debian");

    /** Where database-service finds it. */
    String reference(Layout layout) {
        return "127.0.0.1:" + layout.port("registry") + "/engines/" + image.name() + ":" + version;
    }
}
