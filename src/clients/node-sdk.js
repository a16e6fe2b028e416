// GenAuth's official Node SDK sees the same through the gateway as directly.
// GATEWAY and GENAUTH are the URLs of the gateway and of the stand-in.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import sdk from "authing-node-sdk";

const { GATEWAY, GENAUTH } = process.env;

const client = (appHost, accessToken) =>
  new sdk.AuthenticationClient({
    appId: "app",
    appSecret: "not used by these calls",
    appHost,
    redirectUri: "http://localhost/not-used",
    accessToken,
  });

/** Without what differs at each call; requestId as whether it is there. */
const outcome = async (call) => {
  try {
    const { requestId, ...rest } = await call;
    const envelope = { ...rest, hasRequestId: Boolean(requestId) };
    return JSON.parse(JSON.stringify(envelope), (name, value) =>
      ["enrollmentToken", "factorId", "qrCodeUri", "qrCodeDataUrl", "recoveryCode"].includes(name) ? "differs" : value,
    );
  } catch (failure) {
    return `exception ${failure.response?.status ?? failure.message}`;
  }
};

/** The same for the cached list, whose success has neither message nor requestId. */
const cached = async (call) => {
  const { message, hasRequestId, ...envelope } = await outcome(call);
  return envelope.statusCode === 200 ? envelope : { ...envelope, message, hasRequestId };
};

const withoutStatus = (outcomes) => outcomes.map((seen) => (typeof seen === "string" ? "exception" : seen));

const sms = { factorType: "SMS", profile: { phoneNumber: "18800008888", phoneCountryCode: "+86" } };
const verification = (enrollmentToken, passCode) => ({ factorType: "SMS", enrollmentToken, enrollmentData: { passCode } });

const enrollment = async (host) => {
  const user = client(host, `node-${randomUUID()}`);
  const seen = [await cached(user.listFactorsToEnroll())];
  seen.push(await outcome(user.sendEnrollFactorRequest({ factorType: "OTP" })));
  const { enrollmentToken } = (await user.sendEnrollFactorRequest(sms)).data;
  seen.push(await outcome(user.enrollFactor(verification(enrollmentToken, "000000"))));
  seen.push(await outcome(user.enrollFactor(verification(enrollmentToken, "123456"))));
  seen.push(await cached(user.listFactorsToEnroll()));
  seen.push(await outcome(user.listEnrolledFactors()));
  const { factorId } = (await user.listEnrolledFactors()).data[0];
  seen.push(await outcome(user.getFactor({ factorId })));
  seen.push(await outcome(user.resetFactor({ factorId })));
  seen.push(await cached(user.listFactorsToEnroll()));
  return seen;
};

const all = async (host, token) => {
  const user = client(host, token + randomUUID());
  const factorId = "634931036f1551730edd2bb3|phone";
  return [
    await outcome(user.listFactorsToEnroll()),
    await outcome(user.listEnrolledFactors()),
    await outcome(user.getFactor({ factorId })),
    await outcome(user.sendEnrollFactorRequest(sms)),
    await outcome(user.enrollFactor(verification("t", "123456"))),
    await outcome(user.resetFactor({ factorId })),
  ];
};

const fail = (query) => fetch(`${GENAUTH}/sandbox/failure?${query}`, { method: "POST" });

const direct = await enrollment(GENAUTH);
assert.ok(direct.every((seen) => typeof seen !== "string"), JSON.stringify(direct));
assert.deepEqual(await enrollment(GATEWAY), direct);
for (const token of ["expired-", "locked-"]) {
  assert.deepEqual(await all(GATEWAY, token), await all(GENAUTH, token));
}
// what GenAuth says, with HTTP 200 and with the same HTTP status
for (const failure of ["statusCode=429", "statusCode=429&http=429", "statusCode=503&http=503", "statusCode=500"]) {
  await fail(failure);
  const seen = await all(GATEWAY, "user-");
  assert.deepEqual(seen, await all(GENAUTH, "user-"), failure);
  console.log(failure, JSON.stringify(seen[0]));
}
// a proxy's page: the gateway's own status is 502
await fail("http=503");
assert.deepEqual(withoutStatus(await all(GATEWAY, "user-")), withoutStatus(await all(GENAUTH, "user-")));
await fail("");
console.log("GenAuth's Node SDK sees the same through the gateway");
