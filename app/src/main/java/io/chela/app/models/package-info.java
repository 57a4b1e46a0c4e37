/// Models for who has configured none: the search on this machine, the catalogue, and what fetches its files.
///
/// Knows nothing of the program around it: folders, variables and extensions are handed in.
package io.chela.app.models;
