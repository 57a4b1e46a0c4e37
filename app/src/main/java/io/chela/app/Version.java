package io.chela.app;

/// The program's version.
final class Version {
    /// From the module's descriptor, where the build writes it; `dev` when it runs from class files.
    static final String TEXT =
            Version.class.getModule().getDescriptor().rawVersion().orElse("dev");

    private Version() {}
}
