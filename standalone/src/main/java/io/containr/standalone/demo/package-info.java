/** The demonstration: a sample application through the whole path. */
@NullMarked
package io.containr.standalone.demo;

import org.jspecify.annotations.NullMarked;
