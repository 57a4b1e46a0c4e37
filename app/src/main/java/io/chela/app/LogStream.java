package io.chela.app;

import java.io.PrintStream;

/// The log's lines on standard error.
final class LogStream implements LogWriter.Output {
    private final PrintStream stream;

    LogStream(PrintStream stream) {
        this.stream = stream;
    }

    @Override
    public boolean write(byte[] lines, int length) {
        stream.write(lines, 0, length);
        stream.flush();
        return true; // whoever reads it is gone, or not: nobody is left to tell
    }

    @Override
    public void close() {
        stream.flush(); // it is the process's own
    }
}
