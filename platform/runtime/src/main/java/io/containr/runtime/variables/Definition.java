package io.containr.runtime.variables;

/** What is known of a variable. */
public sealed interface Definition {

    /** What its owner wrote, with references in it perhaps. */
    record Written(String text) implements Definition {

        @Override
        public String toString() {
            return "Written[…]";
        }
    }

    /** The platform says it, as it is. */
    record Given(String value) implements Definition {}

    /** There is one, but not now. */
    record Unknown(String reason) implements Definition {}
}
