/** Projects and who owns them. */
@NullMarked
package io.containr.project.projects;

import org.jspecify.annotations.NullMarked;
