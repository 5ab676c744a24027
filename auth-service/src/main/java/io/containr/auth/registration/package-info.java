/** Who may register, invitations, and registering. */
@NullMarked
package io.containr.auth.registration;

import org.jspecify.annotations.NullMarked;
