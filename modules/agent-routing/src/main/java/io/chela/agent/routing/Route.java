package io.chela.agent.routing;

import io.chela.api.Agent;
import io.chela.api.SessionKey;
import java.util.Optional;

/// Who answers, and which session it continues; without a session the turn leaves nothing behind.
public record Route(Agent agent, Optional<SessionKey> session) {}
