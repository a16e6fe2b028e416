package io.github.mfagateway.kubernetes;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicySpec;

/** The other end of a connection, as a NetworkPolicy sees it: the labels of its namespace (none: outside the cluster) and its pod. */
record Traffic(Map<String, String> namespace, Map<String, String> pod, String protocol, int port) {

    /** The namespace of the policy itself. */
    static final Map<String, String> OWN = Map.of("kubernetes.io/metadata.name", "the policy's own");

    static Traffic toTheInternet(int port) {
        return new Traffic(null, Map.of(), "TCP", port);
    }

    boolean comesIn(NetworkPolicySpec policy) {
        return policy.getIngress().stream().anyMatch(rule -> fits(rule.getFrom(), rule.getPorts()));
    }

    boolean goesOut(NetworkPolicySpec policy) {
        return policy.getEgress().stream().anyMatch(rule -> fits(rule.getTo(), rule.getPorts()));
    }

    /** A rule without peers is for all, one without ports for all ports. */
    private boolean fits(List<NetworkPolicyPeer> peers, List<NetworkPolicyPort> ports) {
        return (peers.isEmpty() || peers.stream().anyMatch(this::is))
                && (ports.isEmpty() || ports.stream().anyMatch(this::goesTo));
    }

    private boolean is(NetworkPolicyPeer peer) {
        assertTrue(peer.getIpBlock() == null, "no rule is by address");
        return namespace != null
                && (peer.getNamespaceSelector() == null
                        ? namespace.equals(OWN)
                        : selects(peer.getNamespaceSelector(), namespace))
                && (peer.getPodSelector() == null || selects(peer.getPodSelector(), pod));
    }

    private boolean goesTo(NetworkPolicyPort open) {
        assertTrue(open.getEndPort() == null, "no rule is a range");
        return protocol.equals(open.getProtocol())
                && (open.getPort() == null || open.getPort().getIntVal() == port);
    }

    static boolean selects(LabelSelector selector, Map<String, String> labels) {
        assertTrue(selector.getMatchExpressions().isEmpty(), "no selector is an expression");
        return labels.entrySet().containsAll(selector.getMatchLabels().entrySet());
    }
}
