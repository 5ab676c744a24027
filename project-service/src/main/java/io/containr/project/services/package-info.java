/** Services of projects: what they are made of, their variables, whether they shall run. */
@NullMarked
package io.containr.project.services;

import org.jspecify.annotations.NullMarked;
