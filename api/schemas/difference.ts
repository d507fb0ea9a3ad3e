/** Differences over HTTP: cents by what caused them. */
import { Type } from 'typebox'
import { Cents } from './settlement.ts'

const End = Type.Object({
  settlement_id: Type.String(),
  as_of: Type.String(),
  engine_version: Type.String(),
  dataset_sha256: Type.String(),
  contract_sha256: Type.String(),
})

const Causes = Type.Object(
  {
    late_data: Cents,
    ruling: Type.Integer({ description: 'whole eurocents: what was upheld in a dispute' }),
    attribution: Cents,
    model: Cents,
    contract: Cents,
    engine_version: Cents,
  },
  { description: 'replaced one after the other in this order; before + their sum = after' },
)

const Row = { before_cents: Cents, after_cents: Cents, causes: Causes }

export const DifferenceView = Type.Object({
  contract: Type.String(),
  from: End,
  to: End,
  partners: Type.Array(
    Type.Object({
      partner_id: Type.String(),
      before_cents: Cents,
      after_cents: Cents,
      causes: Type.Union([Causes, Type.Null()], { description: 'null: a panel too small to be shown' }),
    }),
  ),
  small_panels: Type.Optional(Type.Union([Type.Object({ partners: Type.Array(Type.String()), ...Row }), Type.Null()])),
  totals: Type.Optional(Type.Object(Row)),
})
