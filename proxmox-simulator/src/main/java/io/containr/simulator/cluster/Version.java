package io.containr.simulator.cluster;

/** The release whose behaviour this is. */
final class Version {

    static final String FULL = "9.2.11";
    static final String RELEASE = "9.2";
    static final String REPOSITORY = "14a22df35955d97d";

    private Version() {}
}
