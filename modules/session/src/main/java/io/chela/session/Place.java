package io.chela.session;

import io.chela.api.SessionKey;

/// Where a session is: the key, within its owner.
record Place(String owner, SessionKey key) {}
