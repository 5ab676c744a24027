package io.containr.contracts;

/**
 * One row of the table of messages.
 *
 * @param wireName the CloudEvents type, such as {@code containr.deploy.rollout-started}; never reused for another meaning
 * @param version version of the payload; within one only optional fields are added
 * @param topic where it travels
 * @param payload the record that carries it
 */
public record MessageType(String wireName, int version, String topic, Class<?> payload) {

    /** What the CloudEvents attribute {@code dataschema} says: {@code urn:containr:<wire name>:<version>}. */
    public String dataSchema() {
        return "urn:" + wireName.replaceFirst("\\.", ":") + ":" + version;
    }
}
