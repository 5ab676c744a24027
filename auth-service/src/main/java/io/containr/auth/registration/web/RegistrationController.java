package io.containr.auth.registration.web;

import io.containr.auth.registration.Admissions;
import io.containr.auth.registration.Invitation;
import io.containr.auth.registration.NewUser;
import io.containr.auth.registration.RegistrationService;
import io.containr.auth.user.EmailAddress;
import io.containr.auth.user.web.UserView;
import io.containr.runtime.security.Actor;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/auth")
class RegistrationController {

    private final RegistrationService registrations;
    private final Admissions admissions;

    RegistrationController(RegistrationService registrations, Admissions admissions) {
        this.registrations = registrations;
        this.admissions = admissions;
    }

    @PostMapping("/register")
    @ResponseStatus(HttpStatus.CREATED)
    UserView register(@Valid @RequestBody RegisterRequest request) {
        return UserView.of(registrations.register(request.toNewUser()));
    }

    @PostMapping("/invitations")
    @ResponseStatus(HttpStatus.CREATED)
    InvitationResponse invite(Actor actor) {
        return InvitationResponse.of(admissions.invite(actor.id()));
    }

    record RegisterRequest(
            @NotBlank @Size(max = 254) @Email String email,
            @NotNull @Size(min = 8, max = 128) String password,
            @NotBlank @Size(max = 100) String name,
            @Nullable @Size(max = 100) String invitation) {

        NewUser toNewUser() {
            return new NewUser(EmailAddress.normal(email), name.strip(), password, invitation);
        }

        @Override
        public String toString() {
            return "RegisterRequest[" + email + "]";
        }
    }

    record InvitationResponse(UUID id, String code, Instant expiresAt) {

        static InvitationResponse of(Invitation invitation) {
            return new InvitationResponse(invitation.id(), invitation.code(), invitation.expiresAt());
        }

        @Override
        public String toString() {
            return "InvitationResponse[" + id + "]";
        }
    }
}
