/** What each service keeps of projects and services, and the one rule of who may see them. */
@NullMarked
package io.containr.runtime.directory;

import org.jspecify.annotations.NullMarked;
