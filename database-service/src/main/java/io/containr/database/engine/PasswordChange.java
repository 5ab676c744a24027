package io.containr.database.engine;

/** What an engine can do whose password can be changed while it runs; the password of any other takes a new instance. */
public interface PasswordChange {

    /**
     * Gives the user another password; connections that are open stay so.
     *
     * @param next letters and digits alone
     * @throws EngineException saying why that cannot be done
     */
    void changePassword(Target target, String next) throws EngineException;
}
