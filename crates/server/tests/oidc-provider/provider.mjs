// A real OpenID provider on loopback, for tests of the sign-in. It never listens anywhere else and keeps nothing:
// keys, sessions and grants are gone when it ends, which it does when its standard input is closed.
//
// node provider.mjs --redirect <address> [--redirect <address>] [--port 0] [--modules <node_modules>] [--userinfo-only]
//
// The client is `chandlery`, its secret stands in OIDC_SECRET. Once it listens, one line tells where:
// {"issuer":"http://127.0.0.1:4000"}. With --userinfo-only, people's claims are left out of the id token and told by
// the userinfo endpoint only, as OpenID Connect Core 1.0 section 5.4 has it.

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const { values: given } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    redirect: { type: 'string', multiple: true },
    modules: { type: 'string', default: join(import.meta.dirname, 'node_modules') },
    'userinfo-only': { type: 'boolean', default: false },
  },
});
const secret = process.env.OIDC_SECRET;
if (!secret || !given.redirect) {
  console.error('OIDC_SECRET and --redirect are needed');
  process.exit(2);
}

const people = {
  anna: { name: 'Anna Admin', groups: ['partner-admins'] },
  bob: { name: 'Bob Seller', groups: ['sales'] },
  mia: { name: 'Mia Many', groups: ['sales', 'support', 'partner-admins'] },
  una: { name: 'Una Unchecked', groups: ['sales'], unverified: true },
  eve: { name: 'Eve Outside' }, // in no group: the claim is missing, not empty
};

function person(login) {
  const one = Object.hasOwn(people, login) ? people[login] : undefined;
  return one && {
    sub: login,
    email: `${login}@example.com`,
    email_verified: !one.unverified,
    name: one.name,
    preferred_username: login,
    ...(one.groups && { groups: one.groups }),
  };
}

// The library warns on every start that its own forms are for development. They are meant here.
console.info = () => {};
console.warn = () => {};

const library = pathToFileURL(join(resolve(given.modules), 'oidc-provider', 'lib', 'index.js'));
const { default: Provider } = await import(library);

const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
const server = createServer();
server.listen(Number(given.port), '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{
      client_id: 'chandlery',
      client_secret: secret,
      redirect_uris: given.redirect,
      grant_types: ['authorization_code'],
      response_types: ['code'],
      require_auth_time: true,
    }],
    jwks: { keys: [{ ...key, kid: randomBytes(8).toString('hex'), use: 'sig', alg: 'RS256' }] },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    claims: {
      openid: ['sub'],
      email: ['email', 'email_verified'],
      profile: ['name', 'preferred_username'],
      groups: ['groups'],
    },
    scopes: ['openid', 'email', 'profile', 'groups'],
    conformIdTokenClaims: given['userinfo-only'],
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true } },
    ttl: { AccessToken: 600, AuthorizationCode: 60, IdToken: 600, Interaction: 600, Session: 600, Grant: 600 },
    async findAccount(_, login) {
      const claims = person(login);
      return claims && { accountId: login, claims: async () => claims };
    },
  });
  server.on('request', provider.callback());
  process.stdout.write(`${JSON.stringify({ issuer })}\n`);
});

// A test that is killed closes this pipe, and so leaves no provider behind.
process.stdin.on('end', () => process.exit(0));
process.stdin.resume();
