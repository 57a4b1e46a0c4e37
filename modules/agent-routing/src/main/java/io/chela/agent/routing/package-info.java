/// From names in a request to an agent and a session key.
package io.chela.agent.routing;
