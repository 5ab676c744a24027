package io.containr.project.variables;

import java.util.Map;

/** @param revision rises with every change; 0: there never was a variable */
record SharedSet(long revision, Map<String, Variable> variables) {

    static final SharedSet NOTHING = new SharedSet(0, Map.of());

    SharedSet {
        variables = Map.copyOf(variables);
    }
}
