/// One run of an agent.
package io.chela.agent.runtime;
