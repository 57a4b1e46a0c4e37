/// The program: command line, configuration, state folder, extensions, and the wiring of everything else.
package io.chela.app;
