package io.containr.agent.instance;

/**
 * An instance's volume this moment.
 *
 * @param place where it is
 * @param mine whether this instance owns it, and so may start its guest
 * @param owned whether any instance owns it
 * @param claim who is to have it
 * @param large whether it is as large as it shall be
 * @param mounted whether it is mounted where it shall be
 * @param deleted whether it goes with its guest
 */
record VolumeView(
        Place place, boolean mine, boolean owned, Claim claim, boolean large, boolean mounted, boolean deleted) {

    enum Place {
        /** It was never made. */
        NOWHERE,
        /** In this instance's guest. */
        HERE,
        /** In another guest. */
        ELSEWHERE,
        /** In none of the guests that could have it. */
        LOST
    }

    enum Claim {
        NOBODY,
        THIS,
        ANOTHER
    }
}
