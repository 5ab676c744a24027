/** Users, logins and registration, on Keycloak. */
@NullMarked
package io.containr.auth;

import org.jspecify.annotations.NullMarked;
