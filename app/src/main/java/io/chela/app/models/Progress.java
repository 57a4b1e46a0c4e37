package io.chela.app.models;

/// Shows a person how a download goes. For one thread at a time.
public interface Progress {
    /// A sentence.
    void say(String line);

    /// A file begins, or goes on.
    ///
    /// @param have how many of its bytes are there already
    /// @param total how many it has
    void start(String file, long have, long total);

    /// So many bytes are there now.
    void at(long have);

    /// No more of it comes.
    void end();
}
