package io.chela.auth;

import java.net.InetAddress;

/// Where a request comes from.
///
/// @param peer the other end of the connection: the caller, or a proxy
/// @param address the caller's own address, as far as it can be believed
/// @param proxied whether a trusted proxy names the address
/// @param local whether the caller is on this machine, with no proxy between
public record Caller(InetAddress peer, InetAddress address, boolean proxied, boolean local) {}
