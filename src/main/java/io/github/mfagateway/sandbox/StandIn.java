package io.github.mfagateway.sandbox;

import io.vertx.core.Vertx;

/** The {@link Sandbox} as a process of its own. */
public final class StandIn {

    private StandIn() {}

    /**
     * Prints the port when it listens.
     *
     * @param args the address to listen on, and the port, 0 for any free one
     */
    public static void main(String[] args) {
        new Sandbox(Vertx.vertx())
                .listen(args[0], Integer.parseInt(args[1]))
                .onSuccess(System.out::println)
                .onFailure(failure -> {
                    System.err.println(failure.getMessage());
                    System.exit(1);
                });
    }
}
