/** How full the storages are. */
@NullMarked
package io.containr.agent.storage;

import org.jspecify.annotations.NullMarked;
