/// The OpenAI chat completions API, as a server. Source of the wire: OpenAI API reference, "Chat".
package io.chela.openai.http;
