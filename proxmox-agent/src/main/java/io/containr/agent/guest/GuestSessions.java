package io.containr.agent.guest;

import io.containr.contracts.ids.InstanceId;
import java.net.InetAddress;
import java.util.List;

/**
 * What the intake needs remembered about guests. Calls come on virtual threads and may block; those of one connection come one at a
 * time, but a guest's new connection may overlap with the last call of its old one. An exception ends the guest's connection without an acknowledgement; the guest comes again and repeats itself.
 *
 * <p>Tokens are kept as hashes and compared in constant time.
 */
public interface GuestSessions {

    /**
     * A guest shows its first-contact token. It is welcome while the token was not burned by a confirmation and comes from the
     * instance's own address; the welcome then carries a new session token, which replaces an unconfirmed one, and the
     * specification.
     */
    Admission firstContact(InstanceId instance, String token, InetAddress source);

    /**
     * A guest shows its session token: the last one issued, confirmed or not. Showing it confirms it, as {@link #confirm} does,
     * for a confirmation may get lost. The welcome carries a specification only where the guest lacks the current one.
     */
    Admission resume(InstanceId instance, String sessionToken, InetAddress source);

    /** The guest has stored the session token and specification of its last welcome: the first-contact token is burned. */
    void confirm(InstanceId instance);

    /**
     * Stores lines durably before it returns; only then they are acknowledged. Sequence numbers rise; lines at the beginning may
     * have come before (up to the number last stored) and are to be skipped.
     */
    void lines(InstanceId instance, List<GuestLine> lines);

    /** The application's state; the latest one comes again after each reconnect. */
    void state(InstanceId instance, GuestState state);

    /** The guest was welcomed and can take commands. */
    void connected(InstanceId instance);

    /** The guest's connection ended and no other took its place. A hint: {@link GuestCommands#isConnected} is the truth. */
    void disconnected(InstanceId instance);
}
