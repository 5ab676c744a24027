package io.containr.deploy.instance;

/** How an instance is, by the agent's last word. */
public enum InstanceState {
    /** Asked for. */
    PLANNED,
    /** Its guest runs. */
    STARTED,
    HEALTHY,
    /** It was healthy and may become so again. */
    UNHEALTHY,
    /** It will not become what was asked for. */
    FAILED,
    /** It went without being asked to. */
    LOST;

    /** It will not come back by itself. */
    public boolean gone() {
        return switch (this) {
            case PLANNED, STARTED, HEALTHY, UNHEALTHY -> false;
            case FAILED, LOST -> true;
        };
    }
}
