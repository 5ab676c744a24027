package io.containr.contracts;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * A secret, encrypted and bound to where it belongs; only services that hold the key open it.
 *
 * @param ciphertext base64 of an authenticated ciphertext that names its key
 */
public record Sealed(@JsonValue String ciphertext) {

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public Sealed {}

    @Override
    public String toString() {
        return "Sealed[…]";
    }
}
