package io.chela.model.llamacpp;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// A real child process with the real loop, and an engine that does what its prompt says. `FakeWorker FILE`: the file's
/// text says what becomes of the load.
final class FakeWorker {
    private final OutputStream frames;

    private FakeWorker(OutputStream frames) {
        this.frames = frames;
    }

    static void main(String[] args) throws IOException, InterruptedException {
        var frames = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out));
        var fake = new FakeWorker(frames);
        new WorkerLoop(frames).run(System.in, () -> fake.load(Path.of(args[0])));
        Runtime.getRuntime().halt(0);
    }

    /// Starts it on the class path of this test.
    static WorkerCommand command() {
        String path = String.join(
                java.io.File.pathSeparator,
                System.getProperty("jdk.module.path", ""),
                System.getProperty("java.class.path", ""),
                Path.of(System.getProperty("basedir", "."), "target", "test-classes")
                        .toString());
        return (model, privateFolder) -> {
            List<String> line = new ArrayList<>(WorkerCommand.IGNORING_SIGNALS);
            line.addAll(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString()));
            line.addAll(List.of("-Xmx64m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
            line.add("@" + classPath(path, privateFolder));
            line.addAll(List.of(FakeWorker.class.getName(), model.file().toString()));
            return line;
        };
    }

    /// Puts it into a file: of a command line of more than 4 KB the JDK shows other processes no arguments.
    private static Path classPath(String path, Path folder) {
        try {
            return Files.writeString(folder.resolve("class-path"), "-cp \"" + path + "\"");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Engine load(Path file) {
        String what = read(file);
        switch (what.strip()) {
            case "is broken" -> throw new IllegalStateException("it is broken");
            case "dies" -> {
                System.err.println("these are my last words");
                Runtime.getRuntime().halt(9);
            }
            case "takes a second" -> sleep(1_000);
            default -> {}
        }
        return this::generate;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void generate(ToWorker.Generate what, BooleanSupplier cancelled, Consumer<FromWorker> said) {
        String prompt = what.prompt();
        int pieces = 0;
        if (prompt.contains("say something else first")) {
            noise();
        }
        if (prompt.contains("too long")) {
            said.accept(new FromWorker.TooLong(what.id(), 3_000));
            return;
        }
        if (prompt.contains("fail")) {
            throw new IllegalStateException("as asked");
        }
        while (pieces < what.sampling().maxTokens() && !cancelled.getAsBoolean()) {
            said.accept(new FromWorker.Piece(what.id(), "p" + pieces++ + " "));
            if (prompt.contains("then die")) {
                Runtime.getRuntime().halt(42);
            }
            while (prompt.contains("then be silent") && !cancelled.getAsBoolean()) {
                sleep(5);
            }
            while (prompt.contains("then be deaf")) {
                sleep(5);
            }
            if (prompt.contains("slowly")) {
                sleep(20);
            }
        }
        String finish = cancelled.getAsBoolean() ? "cancelled" : "length";
        said.accept(new FromWorker.Done(what.id(), finish, prompt.length(), pieces));
    }

    private void noise() {
        try {
            frames.write("Extracted 'x' to 'y'\n{\"event\":\"of tomorrow\"}\n"
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
