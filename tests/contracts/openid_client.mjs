// A relying party with openid-client: reads what it is to ask, says where to send the browser,
// reads where the browser came back to, and says what it was told.
import { createPrivateKey } from "node:crypto";
import { createInterface } from "node:readline";
import * as client from "openid-client";

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const read = async () => (await lines.next()).value;

const asked = JSON.parse(await read());
const der = createPrivateKey(asked.key).export({ type: "pkcs8", format: "der" });
const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
const key = await crypto.subtle.importKey("pkcs8", der, algorithm, false, ["sign"]);

const config = await client.discovery(
  new URL(asked.server),
  asked.client_id,
  { id_token_signed_response_alg: "ES256" },
  client.PrivateKeyJwt(key),
  { execute: [client.allowInsecureRequests] },
);
const pkceCodeVerifier = client.randomPKCECodeVerifier();
const expectedState = client.randomState();
const expectedNonce = client.randomNonce();
const address = await client.buildAuthorizationUrlWithJAR(
  config,
  {
    redirect_uri: asked.redirect_uri,
    scope: "openid email",
    state: expectedState,
    nonce: expectedNonce,
    vtr: JSON.stringify(["Cl.Cm"]),
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
  },
  key,
);
console.log(address.href);

const tokens = await client.authorizationCodeGrant(config, new URL(await read()), {
  pkceCodeVerifier,
  expectedState,
  expectedNonce,
  idTokenExpected: true,
});
const claims = tokens.claims();
const userinfo = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
console.log(JSON.stringify({ claims, userinfo }));
process.exit(0);
