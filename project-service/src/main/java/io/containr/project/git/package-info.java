/** Git providers of users: added with a token, asked for repositories. */
@NullMarked
package io.containr.project.git;

import org.jspecify.annotations.NullMarked;
