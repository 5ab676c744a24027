package io.containr.database.managed;

/** What its owner wants of a database. */
public enum Wanted {
    RUNNING,
    STOPPED,
    /** Gone, with its data. Terminal. */
    DELETED
}
