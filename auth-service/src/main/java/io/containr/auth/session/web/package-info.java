/** Login, refresh and logout over REST. */
@NullMarked
package io.containr.auth.session.web;

import org.jspecify.annotations.NullMarked;
