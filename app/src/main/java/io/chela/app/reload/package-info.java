/// Watching files that are read again when they change. Knows nothing of what is in them.
package io.chela.app.reload;
