@NullMarked
package io.containr.build;

import org.jspecify.annotations.NullMarked;
