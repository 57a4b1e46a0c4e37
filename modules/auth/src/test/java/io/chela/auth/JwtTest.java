package io.chela.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.chela.api.AgentId;
import io.chela.api.Principal;
import io.chela.api.Scope;
import io.helidon.security.AuthenticationResponse;
import io.helidon.security.Grant;
import io.helidon.security.ProviderRequest;
import io.helidon.security.Subject;
import io.helidon.security.spi.AuthenticationProvider;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// A provider of somebody else's, written against helidon-security alone, in the place of ours.
class JwtTest {
    private static final byte[] KEY =
            "0123456789abcdef0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    /// Takes signed tokens: `sub` is the principal, `scope` its scopes, `agents` its agents, `exp` its end.
    private static final class JwtAuth implements AuthenticationProvider {
        @Override
        public AuthenticationResponse authenticate(ProviderRequest request) {
            try {
                String header = request.env()
                        .headers()
                        .getOrDefault("Authorization", List.of())
                        .getFirst();
                var jwt = SignedJWT.parse(header.substring("Bearer ".length()));
                return jwt.verify(new MACVerifier(KEY))
                        ? AuthenticationResponse.success(subject(jwt.getJWTClaimsSet()))
                        : AuthenticationResponse.failed("the signature is wrong");
            } catch (ParseException | JOSEException e) {
                return AuthenticationResponse.failed("no token of ours", e);
            }
        }

        private static Subject subject(JWTClaimsSet claims) throws ParseException {
            var subject = Subject.builder()
                    .principal(io.helidon.security.Principal.builder()
                            .name(claims.getSubject())
                            .addAttribute(
                                    Subjects.EXPIRES, claims.getExpirationTime().toInstant())
                            .build());
            for (String scope : claims.getStringClaim("scope").split(" ")) {
                subject.addGrant(
                        Grant.builder().type(Subjects.SCOPE).name(scope).build());
            }
            for (String agent : claims.getStringListClaim("agents")) {
                subject.addGrant(
                        Grant.builder().type(Subjects.AGENT).name(agent).build());
            }
            return subject.build();
        }
    }

    private final Authenticator authenticator = new Authenticator(
            Optional.of(new JwtAuth()),
            Optional.empty(),
            new AuthRules(RateLimit.DEFAULTS, TrustedProxies.NONE, Origins.OWN, Clock.systemUTC()));

    private static String jwt(byte[] key, Instant expires, String... agents) throws JOSEException {
        var jwt = new SignedJWT(
                new JWSHeader(JWSAlgorithm.HS256),
                new JWTClaimsSet.Builder()
                        .subject("alice")
                        .claim("scope", "operator.read operator.write profile")
                        .claim("agents", List.of(agents))
                        .expirationTime(Date.from(expires))
                        .build());
        jwt.sign(new MACSigner(key));
        return jwt.serialize();
    }

    @Test
    void takesPrincipalScopesAgentsAndExpiryFromTheClaims() throws Exception {
        Instant soon = now.plus(Duration.ofHours(1));
        assertThat(authenticator.check(Claims.bearer(jwt(KEY, soon, "main"))))
                .isEqualTo(new AuthResult.Granted(
                        new Principal("alice", Set.of(Scope.READ, Scope.WRITE), Set.of(new AgentId("main"))),
                        Optional.of(soon)));
    }

    @Test
    void narrowsWhatAClaimGrants() throws Exception {
        String token = jwt(KEY, now.plus(Duration.ofHours(1)));
        var claim = Claims.from(Claims.HERE, "authorization", "Bearer " + token, "x-openclaw-scopes", "operator.read");
        assertThat(authenticator.check(claim))
                .isInstanceOfSatisfying(
                        AuthResult.Granted.class,
                        granted -> assertThat(granted.principal().scopes()).containsExactly(Scope.READ));
    }

    @Test
    void refusesAnExpiredAForgedAndAnImpossibleToken() throws Exception {
        byte[] other = KEY.clone();
        other[0] = 'x';
        Instant soon = now.plus(Duration.ofHours(1));
        for (String token : List.of(
                jwt(KEY, now.minusSeconds(1), "main"), jwt(other, soon, "main"), jwt(KEY, soon, "no agent"), "x.y.z")) {
            assertThat(authenticator.check(Claims.bearer(token))).isInstanceOf(AuthResult.Denied.class);
        }
    }
}
