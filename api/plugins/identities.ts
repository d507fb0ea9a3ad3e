/** Whose token it is, remembered for a moment: a withdrawn key is refused by the next request, an expired one within a second. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { watchChanges } from '../../data/access/changes.ts'
import { hashOfToken, identityOf, type Identity, type TokenVerifier } from '../../data/access/keys.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Who holds the token, or null; notes on the request what holds in the database as of now. */
    identify(request: FastifyRequest, token: string): Promise<Identity | null>
  }
  interface FastifyRequest {
    /** what held in the database when the request came in (data/access/changes.ts); empty until its token was looked at */
    standing: string
  }
}

interface Remembered {
  readonly identity: Identity
  readonly standing: string
  /** by performance.now() */
  readonly until: number
}

const REMEMBERED_MS = 1_000
const MOST = 10_000

export interface IdentityOptions {
  /** of the identity provider that is trusted besides our own keys; null: none */
  readonly verify?: TokenVerifier | null
}

export const identities = fp(
  async (app: FastifyInstance, { verify = null }: IdentityOptions) => {
    const changes = watchChanges(app.sharedStore)
    app.addHook('onClose', () => changes.close())
    app.decorateRequest('standing', '')
    const remembered = new Map<string, Remembered>()
    app.decorate('identify', (request: FastifyRequest, token: string) =>
      changes.now().then((standing) => {
        request.standing = standing
        const hash = hashOfToken(token)
        const known = remembered.get(hash)
        const holds = known !== undefined && known.standing === standing && performance.now() < known.until
        return holds ? known.identity : looked(token, hash, standing)
      }),
    )

    async function looked(token: string, hash: string, standing: string): Promise<Identity | null> {
      remembered.delete(hash)
      const until = performance.now() + REMEMBERED_MS
      const identity = await identityOf(app.sharedStore, token, verify)
      // Tokens that nobody holds are not remembered: whoever guesses could fill the memory with them.
      if (identity) remembered.set(hash, { identity, standing, until })
      if (remembered.size > MOST) remembered.delete(remembered.keys().next().value ?? '')
      return identity
    }
  },
  { name: 'identities', dependencies: ['connections'] },
)
