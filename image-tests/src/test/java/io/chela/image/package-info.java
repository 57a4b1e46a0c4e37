/// Tests of the image by real processes: what a person, a supervisor and other people's clients see of it.
@org.jspecify.annotations.NullMarked
package io.chela.image;
