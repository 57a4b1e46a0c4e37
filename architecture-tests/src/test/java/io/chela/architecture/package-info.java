/// Tests of the whole: they read what the other modules' builds left behind, and nothing of it at run time.
@NullMarked
package io.chela.architecture;

import org.jspecify.annotations.NullMarked;
