/// A client of the OpenAI chat completions API.
package io.chela.model.openai;
