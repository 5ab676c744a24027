package io.containr.auth.user.web;

import io.containr.auth.user.EmailAddress;
import io.containr.auth.user.Identity;
import io.containr.auth.user.ProfileChange;
import io.containr.auth.user.UserService;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.hibernate.validator.constraints.URL;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/user/profile")
class ProfileController {

    private final UserService users;

    ProfileController(UserService users) {
        this.users = users;
    }

    @GetMapping
    UserView profile(@AuthenticationPrincipal Jwt token) {
        return UserView.of(users.profile(Identity.of(token)));
    }

    @PutMapping
    UserView change(@AuthenticationPrincipal Jwt token, @Valid @RequestBody UpdateUserRequest request) {
        return UserView.of(users.change(Identity.of(token), request.toChange()));
    }

    /** Every field may be missing, which leaves it as it is; an empty avatar takes it away. */
    record UpdateUserRequest(
            @Nullable @Size(max = 100) @Pattern(regexp = ".*\\S.*", message = "must not be blank")
            String name,

            @Nullable @Size(min = 3, max = 254) @Email String email,

            @Nullable
            @Size(max = 2048)
            @URL(regexp = "^$|(?i)^https?://[^\\s/]+.*", message = "must be an http or https URL")
            String avatarUrl) {

        ProfileChange toChange() {
            return new ProfileChange(
                    email == null ? null : EmailAddress.normal(email),
                    name == null ? null : name.strip(),
                    avatarUrl == null ? null : new ProfileChange.Avatar(avatarUrl.isEmpty() ? null : avatarUrl));
        }
    }
}
