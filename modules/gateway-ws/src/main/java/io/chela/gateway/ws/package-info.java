/// The OpenClaw Gateway protocol, as a server. Names and shapes are the protocol's own.
package io.chela.gateway.ws;
