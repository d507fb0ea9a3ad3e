/** The book and its payments over HTTP. */
import { Type } from 'typebox'
import { Cents } from './settlement.ts'

export const LedgerHead = Type.Union(
  [Type.Object({ seq: Type.Integer({ minimum: 1 }), hash: Type.String() }), Type.Null()],
  {
    description:
      'the head of the ledger: whoever keeps it can detect any change of earlier entries; null: nothing posted',
  },
)

export const LedgerView = Type.Object({
  head: LedgerHead,
  accounts: Type.Array(
    Type.Object({
      contract: Type.String(),
      account: Type.String({ description: 'insurer, coalition, partner or chain' }),
      party: Type.String({ description: 'UZOVI code or partner_id; empty: the coalition' }),
      expected_cents: Type.Integer({
        description: 'of settlements that are not released: by how much owed would change',
      }),
      owed_cents: Type.Integer({ description: 'of released settlements' }),
      paid_cents: Cents,
      open_cents: Type.Integer({ description: 'owed less paid' }),
    }),
  ),
})

export const PaymentView = Type.Object({
  payment_id: Type.String(),
  contract: Type.String(),
  settlement_id: Type.Union([Type.String(), Type.Null()], { description: 'null: an advance' }),
  insurer: Type.String({ description: 'whose share; empty: an advance of the coalition, or all insurers at once' }),
  advance_on: Type.Union([Type.String(), Type.Null()], { description: 'the quarter day that an advance is for' }),
  paid_by: Type.String(),
  paid_on: Type.String(),
  cents: Type.Integer({ description: 'what partners got by it, below 0 what they paid back; to a partner its own' }),
})
