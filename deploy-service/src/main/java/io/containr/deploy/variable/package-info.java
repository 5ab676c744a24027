/** Values of variables as applications get them: references put in place, and what the platform itself provides. */
@NullMarked
package io.containr.deploy.variable;

import org.jspecify.annotations.NullMarked;
