/// What the command line needs and that knows nothing of the program: words, terminals, processes. Nothing in here
/// depends on `io.chela.app`, which depends on it.
package io.chela.app.cli;
