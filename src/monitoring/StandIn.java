import io.github.mfagateway.sandbox.Sandbox;
import io.vertx.core.Vertx;

/** The sandbox by itself, on any free port, which it prints. */
class StandIn {

    public static void main(String[] args) {
        new Sandbox(Vertx.vertx()).listen(0).onSuccess(System.out::println).onFailure(failure -> System.exit(1));
    }
}
