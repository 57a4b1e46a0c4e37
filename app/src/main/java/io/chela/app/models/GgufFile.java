package io.chela.app.models;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// What the head of a GGUF file says: whether all of it is there, and whether it is a model that talks.
///
/// Source: the GGUF specification of ggml, versions 2 and 3.
public sealed interface GgufFile {
    /// The first four bytes of every GGUF file.
    String MAGIC = "GGUF";

    /// It looks whole, and can be asked.
    record Sound(long bytes) implements GgufFile {}

    /// It is whole, but not a model to talk to on its own; a clause says what it is.
    record Other(String what) implements GgufFile {}

    /// It cannot be used; a clause says why.
    record Unsound(String why) implements GgufFile {}

    /// Reads the head, some megabytes at most of files that are as they should be.
    static GgufFile read(Path file) {
        try (var in = new BufferedInputStream(Files.newInputStream(file), Hash.BUFFER)) {
            long bytes = Files.size(file);
            return new Head(new GgufReader(in, bytes)).judge(bytes);
        } catch (NoSuchFileException _) {
            return new Unsound("is missing");
        } catch (EOFException _) {
            return new Unsound("is cut off: fetch it again");
        } catch (GgufReader.Damaged e) {
            return new Unsound(e.getMessage());
        } catch (IOException e) {
            return new Unsound("cannot be read (" + Disk.reason(e) + ")");
        }
    }

    /// The walk through one head.
    final class Head {
        private static final int MAX_COUNT = 1_000_000;
        private static final int MAX_DIMENSIONS = 8;
        private static final int DEFAULT_ALIGNMENT = 32;

        /// Models that turn texts or images into numbers.
        private static final Set<String> NUMBERS = Set.of("clip", "t5encoder", "gemma-embedding", "wavtokenizer-dec");

        private final GgufReader in;
        private final Map<String, Object> values = new HashMap<>();
        private long end;

        private Head(GgufReader in) {
            this.in = in;
        }

        private GgufFile judge(long bytes) throws IOException {
            walk();
            if (end > bytes) {
                return new Unsound("is cut off: it has " + bytes + " bytes and names " + end + ", so fetch it again");
            }
            String kind = String.valueOf(values.getOrDefault("general.architecture", ""));
            if (kind.contains("bert") || NUMBERS.contains(kind)) {
                return new Other(
                        "holds a model of the kind " + kind.replaceAll("[^\\w.-]", "?") + ", which answers nobody");
            }
            if (values.get("split.no") instanceof Long number && number > 0) {
                return new Other("is a further part of a model in several files");
            }
            return new Sound(bytes);
        }

        private void walk() throws IOException {
            in.requireMagic();
            long version = in.number(4);
            if (version < 2 || version > 3) {
                throw new GgufReader.Damaged("is of version " + version + " of GGUF, and only 2 and 3 are known");
            }
            long tensors = in.count(MAX_COUNT);
            long pairs = in.count(MAX_COUNT);
            for (long i = 0; i < pairs; i++) {
                String key = in.text();
                Object value = in.value((int) in.number(4));
                if (key.startsWith("general.") || key.startsWith("split.")) {
                    values.put(key, value);
                }
            }
            long used = 0;
            for (long i = 0; i < tensors; i++) {
                used = Math.max(used, tensorEnd());
            }
            end = tensors == 0 ? in.position() : aligned(in.position()) + used;
        }

        /// Where a tensor ends, from where their data begin.
        private long tensorEnd() throws IOException {
            in.text();
            long dimensions = in.number(4);
            if (dimensions > MAX_DIMENSIONS) {
                throw GgufReader.damaged();
            }
            long elements = 1;
            for (long i = 0; i < dimensions; i++) {
                elements = multiplied(elements, in.number(8));
            }
            int type = (int) in.number(4);
            long offset = in.number(8);
            long size = multiplied(elements, GgufReader.bytesOfBlock(type)) / GgufReader.elementsOfBlock(type);
            if (offset < 0 || offset + size < 0) {
                throw GgufReader.damaged();
            }
            return offset + size;
        }

        private static long multiplied(long a, long b) throws GgufReader.Damaged {
            if (a < 0 || b < 0 || Math.multiplyHigh(a, b) != 0 || a * b < 0) {
                throw GgufReader.damaged();
            }
            return a * b;
        }

        private long aligned(long position) throws GgufReader.Damaged {
            long alignment = values.get("general.alignment") instanceof Long said ? said : DEFAULT_ALIGNMENT;
            if (alignment < 1 || alignment > MAX_COUNT) {
                throw GgufReader.damaged();
            }
            return (position + alignment - 1) / alignment * alignment;
        }
    }
}
