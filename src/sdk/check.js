// A program with GenAuth's official SDK, whose only change is its host. Against `./mvnw quarkus:dev`:
//   cd src/sdk && npm install && npm run check
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import sdk from "authing-node-sdk";

const client = (accessToken) =>
  new sdk.AuthenticationClient({
    appId: process.env.GENAUTH_APP_ID ?? "sandbox",
    appSecret: "not used by these calls",
    appHost: process.env.GATEWAY ?? "http://localhost:8080",
    redirectUri: "http://localhost/not-used",
    accessToken,
  });
const types = (answer) => answer.data.map((factor) => factor.factorType);

const user = client(`sdk-${randomUUID()}`);
assert.deepEqual(types(await user.listFactorsToEnroll()), ["OTP", "SMS", "EMAIL", "FACE"]);

const started = await user.sendEnrollFactorRequest({ factorType: "SMS", profile: { phoneNumber: "18800008888", phoneCountryCode: "+86" } });
assert.equal(started.statusCode, 200);
const wrong = await user.enrollFactor({ factorType: "SMS", enrollmentToken: started.data.enrollmentToken, enrollmentData: { passCode: "000000" } });
assert.equal(wrong.apiCode, 2001);
const enrolled = await user.enrollFactor({ factorType: "SMS", enrollmentToken: started.data.enrollmentToken, enrollmentData: { passCode: "123456" } });
assert.equal(enrolled.statusCode, 200);
assert.deepEqual(types(await user.listFactorsToEnroll()), ["OTP", "EMAIL", "FACE"]);

const factorId = (await user.listEnrolledFactors()).data[0].factorId;
assert.match(factorId, /\|phone$/);
assert.equal((await user.getFactor({ factorId })).data.profile.phoneNumber, "18800008888");
assert.equal((await user.resetFactor({ factorId })).statusCode, 200);
assert.deepEqual(types(await user.listFactorsToEnroll()), ["OTP", "SMS", "EMAIL", "FACE"]);

const refused = await client("expired-token").listFactorsToEnroll();
assert.equal(refused.statusCode, 401);
assert.equal(refused.apiCode, 2020);

console.log("the official SDK works through the gateway: 9 calls, 1 refusal");
