#!/usr/bin/env python3
"""
Draws what an operator sees while GenAuth fails into docs/dashboard-outage.png:

    ./mvnw package -DskipUnitTests && python3 src/monitoring/operator_view.py

Starts the stand-in for GenAuth, two gateways, Prometheus with the component's alerts, and callers. Makes GenAuth slow, then
fail, then throttle. Draws the dashboard and ends all processes. Takes twelve minutes. The cache's lifetimes are shorter, so that
known callers run out of stale responses within the outage. Alerts, panels and expressions are the component's own. The last
row is left out, because the gateways share no Redis. Needs a JDK, prometheus and matplotlib.
"""

import http.client
import itertools
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
COMPONENT = os.path.join(ROOT, "kubernetes", "components", "monitoring")
APPLICATION = os.path.join(ROOT, "target", "quarkus-app")
NAMESPACE = "genauth-mfa-gateway"

# seconds of the run, and what GenAuth does in them
HEALTHY = 100
PLAN = [
    (60, "slow: 700 ms", "delay=700"),
    (300, "outage: 502", "http=502"),
    (50, "healthy", "http=200"),
    (30, "throttles: 429", "http=429"),
    (60, "healthy", "http=200"),
]
# Known callers come back every 4 s or so.
LIFETIMES = {"MFA_CACHE_FRESH": "6s", "MFA_CACHE_REVALIDATE": "6s", "MFA_CACHE_STALE_ON_ERROR": "150s"}
KNOWN, CALLERS, PAUSE = 160, 16, 0.4


def main():
    missing = [what for what, there in {
        "prometheus is not on the PATH (Debian: apt-get install prometheus)": shutil.which("prometheus"),
        "matplotlib is not there (Debian: apt-get install python3-matplotlib)": importable("matplotlib"),
        "target/quarkus-app is not there (./mvnw package -DskipUnitTests)": os.path.isdir(APPLICATION),
    }.items() if not there]
    if missing:
        sys.exit("\n".join(missing))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    started = []
    with tempfile.TemporaryDirectory() as directory:
        try:
            run(directory, started)
        finally:
            for process in reversed(started):
                process.terminate()
            for process in started:
                process.wait(30)


def run(directory, started):
    def start(command, log, **options):
        with open(os.path.join(directory, log), "w") as output:
            process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, **options)
        started.append(process)
        return lambda pattern: said(process, os.path.join(directory, log), pattern)

    java = os.path.join(os.environ["JAVA_HOME"], "bin", "java") if "JAVA_HOME" in os.environ else "java"
    path = os.pathsep.join([os.path.join(ROOT, "target", "classes"), *(os.path.join(APPLICATION, "lib", part, "*") for part in ("main", "boot"))])
    genauth = start([java, "-cp", path, "io.github.mfagateway.sandbox.StandIn", "127.0.0.1", "0"], "genauth")(r"^(\d+)$")[0]

    gateways = [
        start([java, "-Xmx64m", "-jar", os.path.join(APPLICATION, "quarkus-run.jar")], f"gateway-{pod}", env={
            **os.environ, **LIFETIMES, "GENAUTH_URL": f"http://127.0.0.1:{genauth}", "GENAUTH_APP_ID": "sandbox",
            "GENAUTH_ALLOW_HTTP": "true", "QUARKUS_HTTP_PORT": "0", "QUARKUS_MANAGEMENT_PORT": "0"})
        for pod in "ab"]
    gateways = [said_by(r"http://[^:]+:(\d+)\. Management interface listening on http://[^:]+:(\d+)\.") for said_by in gateways]

    prometheus = f"http://127.0.0.1:{free_port()}"
    start(["prometheus", "--config.file", configured(directory, [management for _, management in gateways]),
           "--storage.tsdb.path", os.path.join(directory, "data"), "--web.listen-address", prometheus[len("http://"):]],
          "prometheus")(r"Server is ready to receive web requests")

    for port, _ in gateways:
        warm(int(port))
    over = threading.Event()
    callers = [threading.Thread(target=calls, args=(int(gateways[number % 2][0]), number, over)) for number in range(CALLERS)]
    for caller in callers:
        caller.start()
    try:
        begun = time.time()
        happenings = [] if wait(HEALTHY, "healthy") else None
        for seconds, what, failure in PLAN:
            sandbox(genauth, failure)
            happenings.append((time.time(), time.time() + seconds, what))
            wait(seconds, what)
        ended = time.time()
    finally:
        over.set()
        for caller in callers:
            caller.join()

    sys.path.insert(0, os.path.join(ROOT, "src", "monitoring"))
    from picture import draw
    draw(prometheus, os.path.join(COMPONENT, "dashboard.json"), "Gateway",
         {"namespace": NAMESPACE, "cluster": ".*", "__rate_interval": "10s"}, begun, ended,
         [happening for happening in happenings if happening[2] != "healthy"],
         "genauth-mfa-gateway: GenAuth slow, then down, then throttling",
         os.path.join(ROOT, "docs", "dashboard-outage.png"))
    print("docs/dashboard-outage.png")


def configured(directory, managements):
    """Prometheus' configuration, with the PrometheusRule's spec as the plain rules file it is."""
    with open(os.path.join(COMPONENT, "prometheus-rule.yaml")) as rule:
        rules = textwrap.dedent(rule.read().split("\nspec:\n")[1])
    with open(os.path.join(directory, "rules.yaml"), "w") as plain:
        plain.write(rules)
    targets = "".join(
        f"      - targets: ['127.0.0.1:{port}']\n        labels: {{namespace: {NAMESPACE}, pod: gateway-{pod}}}\n"
        for port, pod in zip(managements, "ab"))
    file = os.path.join(directory, "prometheus.yaml")
    with open(file, "w") as configuration:
        configuration.write(
            "global: {scrape_interval: 1s, evaluation_interval: 1s}\nrule_files: [rules.yaml]\nscrape_configs:\n"
            f"  - job_name: {NAMESPACE}\n    metrics_path: /q/metrics\n    static_configs:\n{targets}")
    return file


def warm(port):
    """Sends requests until 50 in a row succeed: a first call loads classes, which can exceed the deadline."""
    succeeded, request = 0, 0
    while succeeded < 50:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/mfa/factors/enrollable", headers={"Authorization": f"Bearer early-{request}"})
        succeeded = succeeded + 1 if connection.getresponse().status == 200 else 0
        request += 1
        connection.close()
        time.sleep(0.05)


def calls(port, number, over):
    """Every eighth request is for a new user; the other users come back."""
    chance = random.Random(number)
    known = [f"known-{number}-{each}" for each in range(KNOWN // CALLERS)]
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    for request in itertools.count():
        if over.wait(chance.uniform(0, 2 * PAUSE)):
            return
        token = f"new-{number}-{request}" if request % 8 == 7 else chance.choice(known)
        try:
            connection.request("GET", "/mfa/factors/enrollable", headers={"Authorization": "Bearer " + token})
            connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            connection.close()


def sandbox(port, failure):
    urllib.request.urlopen(f"http://127.0.0.1:{port}/sandbox/failure?{failure}", data=b"").close()


def wait(seconds, what):
    print(f"{seconds:3d} s  {what}", flush=True)
    time.sleep(seconds)
    return True


def said(process, log, pattern):
    """Waits until the process has said it, and returns the groups."""
    end = time.time() + 120
    while time.time() < end:
        with open(log) as output:
            text = output.read()
        found = re.search(pattern, text, re.MULTILINE)
        if found:
            return found.groups()
        if process.poll() is not None:
            sys.exit(f"{process.args[0]} ended:\n{text}")
        time.sleep(0.2)
    sys.exit(f"{process.args[0]} did not start in two minutes:\n{text}")


def free_port():
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        return any_port.getsockname()[1]


def importable(module):
    try:
        __import__(module)
        return True
    except ImportError:
        return False


if __name__ == "__main__":
    main()
