/** A settlement as flat tables, for frames: what the reader may see of it, and nothing else. */
import type { Row } from '../../data/frames/frame.ts'
import type { SettlementView } from '../schemas/settlement.ts'

export const TABLES = ['partners', 'partner_outcomes', 'outcomes'] as const
export type Table = (typeof TABLES)[number]

/** The rows of one table; none where the reader's role sees none.
 *  `partners`: a row per partner, to an insurer its own cents; `partner_outcomes`: a row per partner and measure; `outcomes`: a row per measure. */
export function tableOf(view: SettlementView, table: Table): Row[] {
  const { partners = [], outcomes, insurer } = view
  if (table === 'outcomes') return outcomes.map((outcome) => ({ ...outcome }))
  if (table === 'partner_outcomes')
    return partners.flatMap(({ partner_id, outcomes: own }) => own.map((outcome) => ({ partner_id, ...outcome })))
  if (insurer) return insurer.partners.map((partner) => ({ ...partner }))
  return partners.map(({ outcomes: _o, gates: _g, insurers: _i, attribution: _a, interval90_cents, ...row }) => {
    const [low, high] = interval90_cents as [number, number]
    return { ...row, interval90_low_cents: low, interval90_high_cents: high }
  })
}
