package io.chela.app;

import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Says in words for its author why an extension's class could not be made.
final class LoadFailure {
    /// How much of an exception's message is shown, in characters.
    private static final int MAX_MESSAGE = 300;

    /// Class files count from 45, Java from 1.
    private static final int BEFORE_JAVA = 44;

    private static final Pattern NEWER = Pattern.compile("version (\\d+)\\.\\d+");

    private LoadFailure() {}

    static String words(Throwable e) {
        Optional<Throwable> cause = Optional.ofNullable(e.getCause());
        return switch (e) {
            case UnsupportedClassVersionError _ ->
                newerJava(e).map(newer -> "a class in it " + newer).orElseGet(() -> "it threw " + thrown(e));
            case ExceptionInInitializerError _ -> "the static part of a class of it threw " + thrown(cause.orElse(e));
            case ServiceConfigurationError error ->
                cause.map(thrown -> thrown instanceof LinkageError ? words(thrown) : ofConstructor(error, thrown))
                        .orElseGet(() -> notPublic(error));
            default -> "it threw " + thrown(e);
        };
    }

    private static String ofConstructor(ServiceConfigurationError e, Throwable cause) {
        return cause instanceof NoSuchMethodException ? notPublic(e) : afterService(e) + ": it threw " + thrown(cause);
    }

    private static String notPublic(ServiceConfigurationError e) {
        return afterService(e)
                + "; what `provides` names is a public class with a public constructor that takes nothing";
    }

    /// Such messages begin with the name of the service.
    private static String afterService(ServiceConfigurationError e) {
        return String.valueOf(e.getMessage()).replaceFirst("^[\\w.$]+: ", "");
    }

    /// What was thrown, on one line: the class, and the beginning of the message without what looks like a
    /// secret.
    static String thrown(Throwable e) {
        return thrown(e, Masking.nothing());
    }

    static String thrown(Throwable e, Masking masking) {
        String name = e.getClass().getSimpleName();
        if (e.getMessage() == null) {
            return name;
        }
        String message = masking.mask(e.getMessage()).replaceAll("\\s+", " ").strip();
        return name + ": " + (message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) + "…" : message);
    }

    /// Reads it out of what the JVM says about a class file that it cannot take.
    static Optional<String> newerJava(Throwable e) {
        Matcher version = NEWER.matcher(String.valueOf(e.getMessage()));
        return version.find()
                ? Optional.of("was compiled for Java " + (Integer.parseInt(version.group(1)) - BEFORE_JAVA)
                        + ", and this is Java " + Runtime.version().feature() + "; compile it with --release "
                        + Runtime.version().feature())
                : Optional.empty();
    }
}
