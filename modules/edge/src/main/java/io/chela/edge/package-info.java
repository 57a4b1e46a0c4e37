/// The one listener and what its doors share: [EdgeServer][io.chela.edge.EdgeServer] starts it,
/// [Feature][io.chela.edge.Feature] is a door, [Line][io.chela.edge.Line] a caller's connection,
/// [Problems][io.chela.edge.Problems] the error bodies and [WsChannel][io.chela.edge.WsChannel] a WebSocket.
package io.chela.edge;
