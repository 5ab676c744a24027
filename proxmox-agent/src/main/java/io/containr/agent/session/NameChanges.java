package io.containr.agent.session;

/** Is told, after the fact, that instances may be reached otherwise than before. */
public interface NameChanges {

    void changed();
}
