/** The lifecycle of a settlement over HTTP. */
import { Type, type Static } from 'typebox'
import { Id } from './id.ts'
import { LedgerHead } from './ledger.ts'
import { Cents } from './settlement.ts'

export const SettlementId = Type.Object({ settlement: Id })

export const LifecycleView = Type.Object({
  settlement_id: Type.String(),
  contract: Type.String(),
  as_of: Type.String(),
  state: Type.String({ description: 'prepared, reviewed, released, paid or rejected' }),
  status: Type.String({ description: 'final once released as such' }),
  next: Type.Array(Type.String(), { description: 'the acts that may follow' }),
  held_by: Type.Array(Type.String(), { description: 'what keeps it from being released' }),
  events: Type.Array(
    Type.Object({
      state: Type.String(),
      by: Type.String({ description: 'the holder of the token, role:subject; of the preparation, who asked for it' }),
      on: Type.String(),
      note: Type.String(),
      finality: Type.Union([Type.String(), Type.Null()]),
    }),
  ),
  disputes: Type.Union([Type.Object({ until: Type.String(), past: Type.Boolean() }), Type.Null()], {
    description:
      'the last day on which a dispute may be filed, and whether it has passed; null: nothing is released yet',
  }),
  shares: Type.Array(
    Type.Object({
      insurer: Type.String({ description: 'UZOVI code; unknown: of nobody known, which an analyst signs for' }),
      approved: Type.Union([
        Type.Object({ by: Type.String(), on: Type.String(), note: Type.String(), finality: Type.String() }),
        Type.Null(),
      ]),
      paid: Type.Union([Type.Object({ by: Type.String(), on: Type.String() }), Type.Null()]),
      owed_cents: Cents,
      before_cents: Cents,
      due_cents: Type.Integer({ description: 'owed less paid before' }),
      pays: Type.Optional(
        Type.Array(
          Type.Object({
            partner_id: Type.Union([Type.String(), Type.Null()], {
              description: 'null: those that are too small to be told of, together',
            }),
            due_cents: Type.Integer({ description: 'below 0 the partner pays back' }),
          }),
          { description: 'to an insurer: what is due to each partner, of its own share; in all due_cents' },
        ),
      ),
    }),
    { description: 'to analysts every insurer, to an insurer its own, to partners none' },
  ),
  pays: Type.Array(
    Type.Object({
      partner_id: Type.String(),
      owed_cents: Cents,
      before_cents: Cents,
      due_cents: Type.Integer({ description: 'owed less paid before; below 0 the partner pays back' }),
    }),
    { description: 'to analysts every partner, to a partner itself, to insurers nothing' },
  ),
  segment2: Type.Array(
    Type.Object({
      partner_id: Type.String(),
      bundled_cents: Cents,
      advanced_cents: Cents,
      remainder_cents: Type.Integer({
        description: 'bundled sum less advances, still to be invoiced; below 0 to be paid back of the tariff',
      }),
    }),
    {
      description:
        'advances on the bundled tariff, set off against that alone; to analysts every partner that had any, to a partner itself, to insurers nothing',
    },
  ),
  ledger_head: LedgerHead,
})
export type LifecycleView = Static<typeof LifecycleView>
