// An OpenID provider for the demonstration and the tests: the certified oidc-provider, with invented people who sign in
// by one click each. Its configuration comes as JSON on standard input; it says "ready" when it answers, and ends with
// whoever started it.
import { createServer } from 'node:http'
import { createInterface } from 'node:readline'
import { Provider } from 'oidc-provider'

const lines = createInterface({ input: process.stdin })
const config = JSON.parse(await new Promise((resolve) => lines.once('line', resolve)))
lines.on('close', () => process.exit(0))

const people = new Map(config.people.map((person) => [person.id, person]))
const claimed = (id) => people.get(id)?.claims ?? (config.anybody ? JSON.parse(Buffer.from(id, 'base64url')) : undefined)
const ofPerson = ({ sub, ...claims }) => claims

const organisation = (number) => ({ authority: 'iso6523-actorid-upis', ID: `0192:${number}` })
const ofMachine = (client) => {
  const { consumer, supplier } = config.machines[client]
  const delegated = supplier && { supplier: organisation(supplier), delegation_source: 'https://www.altinn.no/' }
  return { consumer: organisation(consumer), client_amr: 'private_key_jwt', ...delegated }
}

const provider = new Provider(config.issuer, {
  clients: config.clients,
  jwks: config.jwks,
  cookies: { keys: [config.cookieKey] },
  conformIdTokenClaims: false,
  pkce: { required: (_, client) => client.grantTypes.includes('authorization_code') },
  responseTypes: ['code'],
  acrValues: ['idporten-loa-substantial', 'idporten-loa-high'],
  scopes: ['openid', 'profile'],
  claims: {
    openid: ['sub', 'sid', 'acr', 'pid', 'roles', 'authorization_details', 'helseid://claims/hpr/hpr_number'],
    profile: ['name'],
  },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  ttl: { AccessToken: config.seconds, ClientCredentials: config.seconds, IdToken: config.seconds, Session: 3600, Grant: 3600, Interaction: 600 },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    rpInitiatedLogout: { enabled: true, logoutSource: signingOut, postLogoutSuccessSource: signedOut },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => config.audience,
      useGrantedResource: () => true,
      getResourceServerInfo: (_, resource) => ({
        scope: config.scope,
        audience: resource,
        accessTokenFormat: 'jwt',
        accessTokenTTL: config.seconds,
        jwt: { sign: { alg: 'RS256' } },
      }),
    },
  },
  extraTokenClaims: (_, token) =>
    token.kind === 'ClientCredentials'
      ? ofMachine(token.clientId)
      : { acr: 'idporten-loa-high', ...ofPerson(claimed(token.accountId)) },
  // the library writes its own `authorization_details`, of a feature that is not used, over those of the person
  formats: { customizers: { jwt: (_, token, { payload }) => Object.assign(payload, token.extra) } },
  loadExistingGrant: async (ctx) => {
    const { client, session } = ctx.oidc
    const grant = new ctx.oidc.provider.Grant({ clientId: client.clientId, accountId: session.accountId })
    grant.addOIDCScope('openid profile')
    grant.addResourceScope(config.audience, config.scope)
    await grant.save()
    return grant
  },
  findAccount: (_, id) => claimed(id) && { accountId: id, claims: () => ({ sub: id, ...claimed(id) }) },
})

const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
const page = (title, body) => `<!doctype html><html lang="nb"><meta charset="utf-8"><title>${title}</title>
<meta name="viewport" content="width=device-width"><style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:42rem;
margin:2rem auto;padding:0 1rem}button{font:inherit;display:block;width:100%;text-align:left;padding:.6rem 1rem;
margin:.4rem 0;border:1px solid #555;border-radius:.3rem;background:#fff}button:hover,button:focus{background:#eef}
.loud{background:#b00020;color:#fff;padding:.6rem 1rem;border-radius:.3rem}</style>
<p class="loud"><strong>Bare for prøving.</strong> Alle her er oppdiktet, og hvem som helst kan logge inn som dem.</p>
<h1>${title}</h1>${body}</html>`
const choice = (uid) => config.people.map(({ id, name, what }) => `<form method="post" action="/interaction/${uid}/as/${id}">
<button><strong>${escaped(name)}</strong>, ${escaped(what)}</button></form>`).join('')

function signingOut(ctx, form) {
  ctx.body = page('Logg ut', `${form}<button form="op.logoutForm" name="logout" value="yes">Ja, logg ut</button>`)
}

function signedOut(ctx) {
  ctx.body = page('Du er logget ut', '<p>Du kan lukke siden.</p>')
}

const answer = provider.callback()
const interaction = /^\/interaction\/([\w-]+)(?:\/as\/([\w-]+))?$/
const server = createServer(async (request, response) => {
  const [, uid, id] = interaction.exec(request.url) ?? []
  if (!uid) return answer(request, response)
  try {
    if (request.method === 'POST' && claimed(id)) {
      const { acr } = claimed(id)
      const login = { accountId: id, acr: acr ?? 'idporten-loa-high', amr: ['demonstration'] }
      return await provider.interactionFinished(request, response, { login })
    }
    await provider.interactionDetails(request, response)
    response.setHeader('Content-Type', 'text/html; charset=utf-8').end(page('Hvem vil du være?', choice(uid)))
  } catch {
    response.writeHead(400, { 'Content-Type': 'text/html; charset=utf-8' })
    response.end(page('Innloggingen er utløpt', '<p>Gå tilbake og begynn på nytt.</p>'))
  }
})
server.listen(config.port, config.host, () => process.stdout.write('ready\n'))
