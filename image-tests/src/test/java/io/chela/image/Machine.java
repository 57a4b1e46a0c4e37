package io.chela.image;

import static org.junit.jupiter.api.Assertions.fail;

import org.junit.jupiter.api.Assumptions;

/// What a test needs of the machine it runs on.
///
/// Where it is missing, the test is skipped and the reason printed; with `CI=true` in the environment it fails,
/// so that nothing is left out unseen.
final class Machine {
    private Machine() {}

    static boolean isCi() {
        return "true".equals(System.getenv("CI"));
    }

    /// Goes on when it is there.
    static void needs(boolean there, String reason) {
        if (there) {
            return;
        }
        if (isCi()) {
            fail("with CI=true nothing may be skipped: " + reason);
        }
        System.out.println("SKIPPED " + reason);
        Assumptions.abort(reason);
    }

    /// For tests that take long or install something: they run with `CI=true` only.
    static void needsCi(String what) {
        needs(isCi(), what + " runs with CI=true in the environment only");
    }

    static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }
}
