package io.containr.deploy.rollout;

/**
 * What the owner wants of a service.
 *
 * @param exists false once it was deleted
 * @param running whether it shall run at all
 * @param restarts how often a restart was asked for, over its life
 * @param replicas how many instances shall serve at once
 */
record Desired(boolean exists, boolean running, long restarts, int replicas) {

    static final Desired DELETED = new Desired(false, false, 0, 0);
}
