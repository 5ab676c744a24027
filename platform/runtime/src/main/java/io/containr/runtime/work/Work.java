package io.containr.runtime.work;

/**
 * One claimed item.
 *
 * @param key what to work on
 * @param attempts how often in a row its handler threw before this time
 * @param recovered whether another worker's lease on it ran out, so that it may have done any part of it
 */
public record Work(String key, int attempts, boolean recovered) {}
