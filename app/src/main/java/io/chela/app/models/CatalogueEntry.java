package io.chela.app.models;

/// A model of the catalogue.
///
/// @param name by which it is asked for
/// @param about a phrase for people
/// @param license as its makers name it
/// @param contextWindow what it is run with, in tokens
public record CatalogueEntry(String name, String about, String license, int contextWindow, ModelFile file) {}
