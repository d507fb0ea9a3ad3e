/** The book: by account what is expected, owed, paid and open, to each reader its own; and the head of the ledger. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { readBook, type BookLine } from '../../data/accounts/book.ts'
import { ledgerHead } from '../../data/settlements/settlements.ts'
import type { Reader } from '../../data/access/keys.ts'
import { readerOf } from '../plugins/access.ts'
import { dayMaybeAsked } from '../schemas/day.ts'
import { LedgerHead, LedgerView } from '../schemas/ledger.ts'
import { BadRequest, Forbidden, Unauthorised } from '../schemas/problem.ts'
import { readsWhole } from '../views/role-view.ts'

export const ledgerRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/ledger/head',
    {
      schema: {
        tags: ['ledger'],
        summary: 'The head of the ledger: whoever keeps it can detect any change of earlier entries',
        response: { 200: LedgerHead, 401: Unauthorised },
      },
    },
    async (request) => await ledgerHead(request.store),
  )

  app.get(
    '/ledger',
    {
      schema: {
        tags: ['ledger'],
        summary: 'The accounts of the region: expected, owed, paid and open, in cents',
        description:
          'An insurer and a partner read their own accounts. Debits less credits: what an insurer pays is below 0.',
        querystring: Type.Object({
          contract: Type.Optional(Type.String()),
          posted_on: Type.Optional(
            Type.String({ description: 'posted and released up to and including this day, YYYY-MM-DD' }),
          ),
          recorded: Type.Optional(
            Type.Integer({ minimum: 0, description: 'recorded up to and including this entry (seq of a head)' }),
          ),
        }),
        response: { 200: LedgerView, 400: BadRequest, 401: Unauthorised, 403: Forbidden },
      },
    },
    async (request) => {
      const { contract, recorded } = request.query
      const postedOn = dayMaybeAsked('posted_on', request.query.posted_on)
      const reader = readerOf(request)
      const lines = await readBook(request.store, {
        contractId: contract,
        regionId: reader.regionId,
        postedOn,
        recorded,
      })
      return {
        head: await ledgerHead(request.store),
        accounts: lines.filter((line) => isOf(reader, line)).map(accountOf),
      }
    },
  )
}

/** Whether an account is the reader's own; lines of others that a party sees are sides of its own movements. */
function isOf(reader: Reader, { account, party }: BookLine): boolean {
  if (readsWhole(reader)) return true
  const own = reader.role === 'insurer' ? ['insurer'] : ['partner', 'chain']
  return own.includes(account) && party === reader.subject
}

const accountOf = ({ contract, account, party, expected, owed, paid, open }: BookLine) => ({
  contract,
  account,
  party,
  expected_cents: expected,
  owed_cents: owed,
  paid_cents: paid,
  open_cents: open,
})
