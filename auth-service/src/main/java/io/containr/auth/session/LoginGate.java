package io.containr.auth.session;

import io.containr.runtime.web.ApiException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Lets logins in to Keycloak: of one account one after the other, so that parallel guesses cannot outrun the count of
 * failures, and in all no more at a time than its memory bears.
 */
final class LoginGate {

    private static final int STRIPES = 1024;

    private final Semaphore[] accounts =
            Stream.generate(() -> new Semaphore(1, true)).limit(STRIPES).toArray(Semaphore[]::new);
    private final Semaphore all;
    private final Duration patience;

    LoginGate(int concurrent, Duration patience) {
        this.all = new Semaphore(concurrent, true);
        this.patience = patience;
    }

    /** @throws ApiException RATE_LIMITED where others are in front for too long */
    <T> T enter(String account, Supplier<T> login) {
        return holding(accounts[Math.floorMod(account.hashCode(), STRIPES)], () -> holding(all, login));
    }

    private <T> T holding(Semaphore permits, Supplier<T> action) {
        try {
            if (!permits.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw ApiException.rateLimited("Too many logins at a time, try again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ApiException.unavailable("Shutting down");
        }
        try {
            return action.get();
        } finally {
            permits.release();
        }
    }
}
