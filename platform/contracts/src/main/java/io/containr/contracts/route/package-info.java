/** The route table and which gateway serves which generation of it. */
@NullMarked
package io.containr.contracts.route;

import org.jspecify.annotations.NullMarked;
