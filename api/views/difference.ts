/** What changed between two settlements, as each role may see it. */
import type { Reader } from '../../data/access/keys.ts'
import { sumOf, type Difference, type DifferenceRow } from '../../engine/explain/difference.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { panelsOf } from '../../engine/disclosure/small-groups.ts'
import { readsWhole, type SettlementRecord } from './role-view.ts'

/** A difference with the small panels of either settlement as one row. */
export interface DisclosedDifference extends Pick<Difference, 'contract' | 'from' | 'to'> {
  /** to a partner: itself; of a small panel only what it is paid */
  readonly partners: readonly (Omit<DifferenceRow, 'causes'> & {
    readonly partner_id: string
    readonly causes: DifferenceRow['causes'] | null
  })[]
  /** null: there are none; absent: not visible to the reader */
  readonly small_panels?: (DifferenceRow & { readonly partners: readonly string[] }) | null
  readonly totals?: DifferenceRow
}

/** @throws Refusal `not_allowed` for roles that see no difference */
export function differenceFor(
  reader: Reader,
  [from, to]: readonly [SettlementRecord, SettlementRecord],
  difference: Difference,
): DisclosedDifference {
  const folded = smallIn([from, to])
  const { partners, totals, ...ends } = difference
  if (reader.role === 'partner') {
    const own = partners.filter(({ partner_id }) => partner_id === reader.subject)
    return { ...ends, partners: own.map((row) => (folded.has(row.partner_id) ? { ...row, causes: null } : row)) }
  }
  if (!readsWhole(reader))
    throw new Refusal('not_allowed', `The role ${reader.role} may not ask this; it is for analyst, partner.`)
  const small = partners.filter(({ partner_id }) => folded.has(partner_id))
  return {
    ...ends,
    partners: partners.filter(({ partner_id }) => !folded.has(partner_id)),
    small_panels: small.length === 0 ? null : { partners: small.map(({ partner_id }) => partner_id), ...sumOf(small) },
    totals,
  }
}

/** Partners whose panel is too small to be shown in one of the settlements. */
function smallIn(settlements: readonly SettlementRecord[]): ReadonlySet<string> {
  return new Set(
    settlements.flatMap(({ settlement, contract }) => {
      return panelsOf(settlement.partners, contract.minPatients).folded?.partnerIds ?? []
    }),
  )
}
