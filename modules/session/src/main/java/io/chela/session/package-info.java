/// Sessions: [io.chela.session.Sessions] hands out [tickets][io.chela.session.LaneTicket] of a lane, and a
/// ticket whose turn it is becomes an [open session][io.chela.session.OpenSession].
package io.chela.session;
