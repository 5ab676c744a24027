package io.containr.build.source;

/** What a repository is fetched with, in clear; goes to the repository's own host and nowhere else. */
public record GitLogin(String username, String password) {

    @Override
    public String toString() {
        return "GitLogin[…]";
    }
}
