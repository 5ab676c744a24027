/** What auth-service asks of Keycloak, and nothing of Keycloak's own words beyond it. */
@NullMarked
package io.containr.auth.keycloak;

import org.jspecify.annotations.NullMarked;
