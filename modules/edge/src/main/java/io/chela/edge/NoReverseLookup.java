package io.chela.edge;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.stream.Stream;

/// Answers the name of an address with the address itself, so that no caller costs a DNS query.
///
/// Helidon's TLS listener asks for every caller's host name before it shakes hands. Names are resolved as ever.
public final class NoReverseLookup extends InetAddressResolverProvider {
    @Override
    public InetAddressResolver get(Configuration configuration) {
        InetAddressResolver builtIn = configuration.builtinResolver();
        return new InetAddressResolver() {
            @Override
            public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) throws UnknownHostException {
                return builtIn.lookupByName(host, policy);
            }

            @Override
            public String lookupByAddress(byte[] address) throws UnknownHostException {
                return InetAddress.getByAddress(address).getHostAddress();
            }
        };
    }

    @Override
    public String name() {
        return "chela-no-reverse-lookup";
    }
}
