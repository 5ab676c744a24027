/** The profile over REST. */
@NullMarked
package io.containr.auth.user.web;

import org.jspecify.annotations.NullMarked;
