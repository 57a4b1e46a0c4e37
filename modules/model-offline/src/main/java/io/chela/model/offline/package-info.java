/// The model that is there when no other is.
package io.chela.model.offline;
