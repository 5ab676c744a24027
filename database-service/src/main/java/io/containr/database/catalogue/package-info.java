/** Which engines, versions and plans there are. */
@NullMarked
package io.containr.database.catalogue;

import org.jspecify.annotations.NullMarked;
