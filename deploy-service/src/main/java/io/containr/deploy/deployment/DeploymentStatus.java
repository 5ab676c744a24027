package io.containr.deploy.deployment;

import java.util.Locale;

/** How far a deployment is. */
public enum DeploymentStatus {
    /** Recorded; nothing was done for it yet. */
    PENDING,
    /** Waits for a build worker, or for the rollout before it. */
    QUEUED,
    /** A worker builds its image. */
    BUILDING,
    /** Its instances start, or its route moves. */
    DEPLOYING,
    /** It served; it may since have been followed by another. */
    DEPLOYED,
    FAILED,
    CANCELLED,
    /** A newer one took its place before it served. */
    SUPERSEDED;

    /** Nothing will change any more. */
    public boolean ended() {
        return switch (this) {
            case PENDING, QUEUED, BUILDING, DEPLOYING -> false;
            case DEPLOYED, FAILED, CANCELLED, SUPERSEDED -> true;
        };
    }

    /** It has no instances yet. */
    public boolean beforeRollout() {
        return switch (this) {
            case PENDING, QUEUED, BUILDING -> true;
            case DEPLOYING, DEPLOYED, FAILED, CANCELLED, SUPERSEDED -> false;
        };
    }

    /** Whether a deployment may go from here to there. */
    public boolean mayBecome(DeploymentStatus next) {
        return switch (this) {
            case PENDING -> next != PENDING && next != BUILDING;
            case QUEUED -> next != PENDING;
            case BUILDING -> next != PENDING;
            case DEPLOYING -> next.ended();
            case DEPLOYED, FAILED, CANCELLED, SUPERSEDED -> false;
        };
    }

    /** As the API spells it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
