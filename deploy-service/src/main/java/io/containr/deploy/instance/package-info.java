/** Instances as planned here and as the agent reports them. */
@NullMarked
package io.containr.deploy.instance;

import org.jspecify.annotations.NullMarked;
