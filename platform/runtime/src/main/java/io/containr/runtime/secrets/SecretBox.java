package io.containr.runtime.secrets;

import com.google.crypto.tink.Aead;
import io.containr.contracts.Sealed;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;

/** Seals and opens secrets with AES-256-GCM; a sealed value opens only for the purpose it was sealed for. */
public final class SecretBox {

    private final Aead aead;

    SecretBox(Aead aead) {
        this.aead = aead;
    }

    /** @param purpose where it belongs, such as {@code service/…/variable/KEY}; authenticated, not hidden */
    public Sealed seal(String secret, String purpose) {
        try {
            byte[] ciphertext =
                    aead.encrypt(secret.getBytes(StandardCharsets.UTF_8), purpose.getBytes(StandardCharsets.UTF_8));
            return new Sealed(Base64.getEncoder().encodeToString(ciphertext));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot seal", e);
        }
    }

    /** @throws CannotOpenException if the key is missing, or it was sealed for something else, or changed */
    public String open(Sealed sealed, String purpose) {
        try {
            byte[] ciphertext = Base64.getDecoder().decode(sealed.ciphertext());
            return new String(
                    aead.decrypt(ciphertext, purpose.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new CannotOpenException(purpose, e);
        }
    }

    /** A secret that this key file does not open. */
    public static final class CannotOpenException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        CannotOpenException(String purpose, Exception cause) {
            super("cannot open the secret of " + purpose + ": another key file, or the value was changed", cause);
        }
    }
}
