package io.containr.auth.session.web;

import io.containr.auth.session.Session;
import io.containr.auth.session.SessionService;
import io.containr.auth.user.EmailAddress;
import io.containr.auth.user.web.UserView;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Size;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/auth")
class SessionController {

    private final SessionService sessions;

    SessionController(SessionService sessions) {
        this.sessions = sessions;
    }

    @PostMapping("/login")
    ResponseEntity<LoginResponse> login(@Valid @RequestBody LoginRequest request) {
        return answer(sessions.login(EmailAddress.normal(request.email()), request.password()));
    }

    @PostMapping("/refresh")
    ResponseEntity<LoginResponse> refresh(@Valid @RequestBody RefreshRequest request) {
        return answer(sessions.refresh(request.refreshToken()));
    }

    @PostMapping("/logout")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void logout(@Valid @RequestBody RefreshRequest request) {
        sessions.logout(request.refreshToken());
    }

    private static ResponseEntity<LoginResponse> answer(Session session) {
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(LoginResponse.of(session));
    }

    record LoginRequest(
            @NotBlank @Size(max = 254) @Email String email,
            @NotEmpty @Size(max = 128) String password) {

        @Override
        public String toString() {
            return "LoginRequest[" + email + "]";
        }
    }

    record RefreshRequest(@NotBlank @Size(max = 4096) String refreshToken) {

        @Override
        public String toString() {
            return "RefreshRequest[hidden]";
        }
    }

    /**
     * Tokens and user.
     *
     * @param expiresIn seconds the token lives
     * @param refreshExpiresIn seconds the refresh token lives, if it is not used
     */
    record LoginResponse(String token, UserView user, String refreshToken, long expiresIn, long refreshExpiresIn) {

        static LoginResponse of(Session session) {
            return new LoginResponse(
                    session.tokens().accessToken(),
                    UserView.of(session.user()),
                    session.tokens().refreshToken(),
                    session.tokens().expiresIn(),
                    session.tokens().refreshExpiresIn());
        }

        @Override
        public String toString() {
            return "LoginResponse[" + user.id() + "]";
        }
    }
}
