/** Storages and what lies in them. */
@NullMarked
package io.containr.simulator.storage;

import org.jspecify.annotations.NullMarked;
