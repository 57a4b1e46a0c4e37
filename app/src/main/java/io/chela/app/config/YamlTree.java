package io.chela.app.config;

import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/// Reads YAML 1.1 into [Value]s; texts, numbers and `off` stay as they are written, for an id may be called so.
final class YamlTree {
    private static final Set<Tag> PLAIN = Set.of(Tag.STR, Tag.BOOL, Tag.INT, Tag.FLOAT, Tag.TIMESTAMP, Tag.MERGE);

    private final Path file;
    private final String text;
    private final Documents documents;
    private final Set<Node> within = new HashSet<>();

    YamlTree(Path file, String text, Documents documents) {
        this.file = file;
        this.text = text;
        this.documents = documents;
    }

    /// @throws BadFileException when it is no YAML
    Value read() {
        var options = new LoaderOptions();
        options.setCodePointLimit(TextFile.MAX_BYTES);
        options.setNestingDepthLimit(Documents.MAX_DEPTH);
        try {
            Node root = new Yaml(options).compose(new StringReader(text));
            return root == null ? new Value.Members(new Place(file, 1, 1), Map.of()) : value("", root);
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark();
            throw mark == null
                    ? new BadFileException("cannot be read: " + YamlWords.of(e))
                    : new BadFileException(place(mark), YamlWords.of(e));
        } catch (YAMLException e) {
            throw new BadFileException("cannot be read: " + YamlWords.of(e));
        }
    }

    private Value value(String path, Node node) {
        Place place = place(node.getStartMark());
        documents.count(place);
        if (node instanceof ScalarNode scalar) {
            return new Value.Text(place, scalar(path, scalar));
        }
        if (!within.add(node)) {
            documents.mistakes().add(path, place, "contains itself");
            return new Value.Text(place, "");
        }
        Value value = node instanceof MappingNode mapping
                ? members(path, mapping, place)
                : items(path, (SequenceNode) node, place);
        within.remove(node);
        return value;
    }

    private String scalar(String path, ScalarNode scalar) {
        if (scalar.getTag().equals(Tag.NULL)) {
            return "";
        }
        if (!PLAIN.contains(scalar.getTag())) {
            refuseTag(path, scalar);
        }
        return scalar.getValue();
    }

    private Value items(String path, SequenceNode list, Place place) {
        if (!list.getTag().equals(Tag.SEQ)) {
            refuseTag(path, list);
        }
        List<Value> items = new ArrayList<>();
        for (Node item : list.getValue()) {
            items.add(value(path + "[" + items.size() + "]", item));
        }
        return new Value.Items(place, items);
    }

    private Value members(String path, MappingNode mapping, Place place) {
        if (!mapping.getTag().equals(Tag.MAP)) {
            refuseTag(path, mapping);
        }
        Map<String, Value.Member> members = new LinkedHashMap<>();
        List<Node> merges = new ArrayList<>();
        for (NodeTuple pair : mapping.getValue()) {
            if (pair.getKeyNode() instanceof ScalarNode name && name.getTag().equals(Tag.MERGE)) {
                merges.add(pair.getValueNode());
            } else {
                member(path, pair, members);
            }
        }
        merges.forEach(merge -> merge(path, merge, members));
        return new Value.Members(place, members);
    }

    private void member(String path, NodeTuple pair, Map<String, Value.Member> members) {
        Place place = place(pair.getKeyNode().getStartMark());
        if (!(pair.getKeyNode() instanceof ScalarNode name)) {
            documents.mistakes().add(path, place, "a name must be a plain text, not a list or an object");
            return;
        }
        String below = Mistakes.below(path, name.getValue());
        var member = new Value.Member(place, value(below, pair.getValueNode()));
        Value.Member first = members.putIfAbsent(name.getValue(), member);
        if (first != null) {
            documents
                    .mistakes()
                    .add(
                            below,
                            place,
                            "is there twice, first in line " + first.place().line());
        }
    }

    /// `<<`: what another object has and this one does not.
    private void merge(String path, Node node, Map<String, Value.Member> members) {
        Value other = value(path, node);
        List<Value> all = other instanceof Value.Items(var _, var items) ? items : List.of(other);
        for (Value one : all) {
            if (one instanceof Value.Members(var _, var more)) {
                more.forEach(members::putIfAbsent);
            } else {
                documents.mistakes().add(path, one.place(), "only an object can stand after <<");
            }
        }
    }

    private void refuseTag(String path, Node node) {
        documents
                .mistakes()
                .add(path, place(node.getStartMark()), "has a tag (!) that means nothing here; leave it out");
    }

    private Place place(Mark mark) {
        return new Place(file, mark.getLine() + 1, mark.getColumn() + 1);
    }
}
