package io.chela.api.spi;

/// How much a model may say. What is larger is cut off, and the run fails.
///
/// @param eventBytes the largest event (a line, a frame) of a model server's stream, as it comes, which
///     whoever reads the stream sees to; `limits.upstreamEventBytes`
/// @param answerBytes the largest answer of one run, its text, tool calls and other members, in UTF-8, which
///     the gateway counts itself as events come; `limits.answerBytes`
public record ReplyLimits(int eventBytes, int answerBytes) {
    public static final ReplyLimits DEFAULTS = new ReplyLimits(1024 * 1024, 16 * 1024 * 1024);

    public ReplyLimits {
        if (eventBytes < 1 || answerBytes < 1) {
            throw new IllegalArgumentException("a model may say something");
        }
    }
}
