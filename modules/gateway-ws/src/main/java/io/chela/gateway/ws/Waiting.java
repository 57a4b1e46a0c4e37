package io.chela.gateway.ws;

import io.chela.edge.WsChannel;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// The sockets that have yet to connect: so many of one address, for so long. Safe for many threads.
final class Waiting {
    /// @param address as it is counted
    /// @param until when it is closed if it has not connected
    record Guest(String address, Instant until) {}

    private final Map<WsChannel, Guest> guests = new ConcurrentHashMap<>();
    private final Map<String, Integer> counts = new ConcurrentHashMap<>();

    /// Takes a socket; false when there are as many as there may be of its address.
    boolean add(WsChannel channel, Guest guest, int mostOfOneAddress) {
        if (counts.merge(guest.address(), 1, Integer::sum) > mostOfOneAddress) {
            leave(guest.address());
            return false;
        }
        guests.put(channel, guest);
        return true;
    }

    /// Forgets a socket that has connected or is gone.
    void remove(WsChannel channel) {
        Guest guest = guests.remove(channel);
        if (guest != null) {
            leave(guest.address());
        }
    }

    private void leave(String address) {
        counts.computeIfPresent(address, (_, count) -> count == 1 ? null : count - 1);
    }

    void forEach(Consumer<WsChannel> action) {
        guests.keySet().forEach(action);
    }

    /// Gives those whose time is over to the action.
    void late(Instant now, Consumer<WsChannel> action) {
        guests.forEach((channel, guest) -> {
            if (!now.isBefore(guest.until())) {
                action.accept(channel);
            }
        });
    }
}
