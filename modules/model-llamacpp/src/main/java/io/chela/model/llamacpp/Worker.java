package io.chela.model.llamacpp;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;

/// The program of the child process: `Worker FILE CONTEXT_WINDOW`.
final class Worker {
    private static final int BROKEN = 70; // EX_SOFTWARE of sysexits.h

    private Worker() {}

    /// Never returns: the native library's own threads would keep the process alive.
    static void main(String[] args) throws IOException, InterruptedException {
        var frames = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out));
        System.setOut(new PrintStream(OutputStream.nullOutputStream())); // the binding chats on it
        Thread.setDefaultUncaughtExceptionHandler((thread, problem) -> {
            System.err.println(thread.getName() + " ended with " + problem);
            Runtime.getRuntime().halt(BROKEN);
        });
        new WorkerLoop(frames).run(System.in, () -> new LlamaEngine(args[0], Integer.parseInt(args[1])));
        Runtime.getRuntime().halt(0);
    }
}
