package io.containr.runtime;

/** The name of this service as others see it, from {@code spring.application.name}; such as {@code deploy-service}. */
public record ServiceName(String value) {

    @Override
    public String toString() {
        return value;
    }
}
