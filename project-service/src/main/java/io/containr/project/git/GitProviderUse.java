package io.containr.project.git;

import io.containr.contracts.ids.UserId;

/** What fetches with providers' tokens and follows them; called in the transaction of the change. */
public interface GitProviderUse {

    /** Everything that uses the provider's token uses its new one when this returns. */
    void tokenReplaced(GitProviderId provider, UserId owner);

    /** Nothing may use the provider's token when this returns. */
    void providerDeleted(GitProviderId provider, UserId owner);
}
