/// Fuzz targets that need public doors only, what they share, and the test that replays every corpus.
///
/// A target is a class with Jazzer's `fuzzerTestOneInput(byte[])`, named `…Target`, in the package of what
/// it attacks; its inputs are in `corpus/<name>`.
@NullMarked
package io.chela.fuzz;

import org.jspecify.annotations.NullMarked;
