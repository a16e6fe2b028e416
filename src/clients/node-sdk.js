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

/** Without what differs at each call, and without the message of a success. */
const outcome = async (call) => {
  try {
    const { requestId, ...envelope } = await call;
    if (envelope.statusCode === 200) delete envelope.message;
    return JSON.parse(JSON.stringify(envelope), (name, value) =>
      ["enrollmentToken", "factorId", "qrCodeUri", "qrCodeDataUrl", "recoveryCode"].includes(name) ? "differs" : value,
    );
  } catch {
    return "an exception";
  }
};

const sms = { factorType: "SMS", profile: { phoneNumber: "18800008888", phoneCountryCode: "+86" } };
const verification = (enrollmentToken, passCode) => ({ factorType: "SMS", enrollmentToken, enrollmentData: { passCode } });

const enrollment = async (host) => {
  const user = client(host, `node-${randomUUID()}`);
  const seen = [await outcome(user.listFactorsToEnroll())];
  seen.push(await outcome(user.sendEnrollFactorRequest({ factorType: "OTP" })));
  const { enrollmentToken } = (await user.sendEnrollFactorRequest(sms)).data;
  seen.push(await outcome(user.enrollFactor(verification(enrollmentToken, "000000"))));
  seen.push(await outcome(user.enrollFactor(verification(enrollmentToken, "123456"))));
  seen.push(await outcome(user.listFactorsToEnroll()));
  seen.push(await outcome(user.listEnrolledFactors()));
  const { factorId } = (await user.listEnrolledFactors()).data[0];
  seen.push(await outcome(user.getFactor({ factorId })));
  seen.push(await outcome(user.resetFactor({ factorId })));
  seen.push(await outcome(user.listFactorsToEnroll()));
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
assert.ok(direct.every((seen) => seen !== "an exception"), JSON.stringify(direct));
assert.deepEqual(await enrollment(GATEWAY), direct);
for (const token of ["expired-", "locked-"]) {
  assert.deepEqual(await all(GATEWAY, token), await all(GENAUTH, token));
}
for (const http of [429, 503]) {
  await fail(`http=${http}`);
  assert.deepEqual(await all(GATEWAY, "user-"), await all(GENAUTH, "user-"));
}
await fail("");
console.log("GenAuth's Node SDK sees the same through the gateway");
