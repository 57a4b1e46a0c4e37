/// Fakes at the model's edge, and contracts.
package io.chela.testkit;
