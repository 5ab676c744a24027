package io.containr.runtime.web;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** Answers what the servlet container refuses by itself, in the same shape as everything else. */
@Controller
class ErrorPage implements ErrorController {

    @RequestMapping("/error")
    ResponseEntity<Object> error(HttpServletRequest request) {
        Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        ErrorCode code = ErrorCode.of(status instanceof Integer value ? value : 404);
        String message =
                code == ErrorCode.INTERNAL ? "Internal error" : code.status().getReasonPhrase();
        return ErrorBody.answer(code, message, Map.of(), ApiErrorHandler.wantsProblem(request));
    }
}
