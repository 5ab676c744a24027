package io.containr.audit;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of audit-service, below {@code containr.audit}.
 *
 * @param batch how many messages at most become entries in one transaction
 * @param verifyEvery how often the whole chain is checked without anybody asking
 * @param verificationValidFor how long a check answers those who ask, since it reads everything
 */
@Validated
@ConfigurationProperties(prefix = "containr.audit", ignoreUnknownFields = false)
public record AuditSettings(@Positive @Max(5000) int batch, Duration verifyEvery, Duration verificationValidFor) {}
