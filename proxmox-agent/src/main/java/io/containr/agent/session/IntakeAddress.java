package io.containr.agent.session;

/** Where guests call, and how they know that it is us. */
public interface IntakeAddress {

    /** As guests reach it. */
    String hostAndPort();

    /** Lower-case hex SHA-256 of the certificate. */
    String pin();
}
