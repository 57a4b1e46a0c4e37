package io.chela.edge;

/// How a WebSocket ends. Source: RFC 6455, 7.4.1, and the IANA registry of WebSocket close codes.
public final class CloseCode {
    public static final int PROTOCOL_ERROR = 1002;
    public static final int UNSUPPORTED = 1003;
    public static final int ABNORMAL = 1006; // never sent: there was no close frame
    public static final int NOT_CONSISTENT = 1007;
    public static final int POLICY_VIOLATION = 1008;
    public static final int TOO_BIG = 1009;
    public static final int INTERNAL = 1011;
    public static final int SERVICE_RESTART = 1012;
    public static final int TRY_AGAIN_LATER = 1013;
    public static final int AUTH_CHANGED = 4001; // the Gateway protocol's own

    private CloseCode() {}
}
