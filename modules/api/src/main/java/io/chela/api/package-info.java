/// Agents, sessions, messages, turns, their events and what can go wrong.
package io.chela.api;
