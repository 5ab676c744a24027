/** Branches whose pushes deploy a service: looked at now and then, for pushes whose delivery was missed. */
@NullMarked
package io.containr.build.branch;

import org.jspecify.annotations.NullMarked;
