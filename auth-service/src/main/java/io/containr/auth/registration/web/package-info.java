/** Registration and invitations over REST. */
@NullMarked
package io.containr.auth.registration.web;

import org.jspecify.annotations.NullMarked;
