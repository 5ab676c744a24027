/** Backups of volumes, and volumes made of them. */
@NullMarked
package io.containr.agent.backup;

import org.jspecify.annotations.NullMarked;
