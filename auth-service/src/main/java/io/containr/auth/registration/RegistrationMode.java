package io.containr.auth.registration;

/** Who may register. In each mode the very first user may. */
public enum RegistrationMode {
    /** Everybody. */
    OPEN,
    /** Who has an invitation. */
    INVITE,
    /** Nobody else. */
    CLOSED
}
