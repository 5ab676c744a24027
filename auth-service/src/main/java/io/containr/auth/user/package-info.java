/** Users and their profiles. */
@NullMarked
package io.containr.auth.user;

import org.jspecify.annotations.NullMarked;
