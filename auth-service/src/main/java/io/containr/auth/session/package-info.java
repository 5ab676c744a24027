/** Login, refresh and logout. */
@NullMarked
package io.containr.auth.session;

import org.jspecify.annotations.NullMarked;
