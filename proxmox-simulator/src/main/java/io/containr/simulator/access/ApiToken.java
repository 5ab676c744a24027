package io.containr.simulator.access;

/** An API token with its secret. {@link #toString()} masks the secret. */
public record ApiToken(String id, String secret) {

    public ApiToken {
        if (!id.matches("[^\\s:/!]+@[^\\s:/!]+![A-Za-z][A-Za-z0-9._-]+")) {
            throw new IllegalArgumentException("not a token id (user@realm!name): " + id);
        }
    }

    public String user() {
        return id.substring(0, id.indexOf('!'));
    }

    /** The value of the {@code Authorization} header. */
    public String header() {
        return "PVEAPIToken=" + id + "=" + secret;
    }

    @Override
    public String toString() {
        return "ApiToken[" + id + "]";
    }
}
