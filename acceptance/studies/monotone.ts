/** At fixed variances a better result never pays less, and never jumps. */
import type { SettlementInput } from '../../engine/assessment/assessment.ts'
import type { Contract } from '../../engine/contract/contract.ts'
import { contractWith, OUTCOME } from '../simulation/contract.ts'
import { exactly, type Row } from '../simulation/figure.ts'
import { regionsOf, type Scale, type Study } from '../simulation/scale.ts'
import { inputOf, settledUnder } from '../simulation/settle.ts'
import { HIDDEN, worldWith } from '../simulation/world.ts'

const STEP = 0.5
const STEPS = 20
/** Credibility with an agreed spread keeps every variance as it is while a result moves. */
const FIXED: Contract['credibility'] = { betweenSd: { [OUTCOME.measure]: 1 } }

const CONTRACTS: Readonly<Record<string, Partial<Contract>>> = {
  'both sides shared': { credibility: FIXED },
  'a dead band, a corridor, a half share': {
    credibility: FIXED,
    deadBand: { eur: 4, z: 1.645 },
    corridorEur: { floor: -12, cap: 15 },
    share: { gain: 0.5, loss: 0.3 },
  },
  'a shift for what is missing, gains only': {
    credibility: FIXED,
    pessimisticShiftSd: 0.3,
    share: { gain: 1, loss: 0 },
  },
  'no credibility': { credibility: 'none', deadBand: { eur: 0, z: 1 } },
}

/** The first partner's contributions moved by a constant: its mean moves, its variance does not. */
function moved(input: SettlementInput, by: number): SettlementInput {
  const { contractYear, contractPartners } = input
  const [outcome] = contractYear.outcomes
  const own = (column: Float64Array) =>
    column.map((a, row) => (contractYear.partner[row] === contractPartners[0] ? a + by : a))
  return {
    ...input,
    contractYear: { ...contractYear, outcomes: [{ ...outcome!, contribution: own(outcome!.contribution) }] },
  }
}

function monotoneRows(scale: Scale): Row[] {
  let [falls, jumps, steps] = [0, 0, 0]
  const few = { ...scale, partnerYears: Math.min(60, scale.partnerYears) }
  for (const region of regionsOf(worldWith({ missingShare: 0.2, ...HIDDEN, panel: 100 }), few, [100, 0])) {
    const input = inputOf(region, contractWith())
    for (const clauses of Object.values(CONTRACTS)) {
      let before = NaN
      for (let step = -STEPS; step <= STEPS; step++) {
        const { payment_cents, patient_years } = settledUnder(moved(input, step * STEP), clauses).partners[0]!
        const most = STEP * OUTCOME.priceEur * patient_years * 100 + 1
        if (payment_cents < before) falls++
        if (payment_cents - before > most) jumps++
        before = payment_cents
        steps++
      }
    }
  }
  const row = (regime: string) => ({ property: 'monotone', tests: 'T19', regime: `${regime}, of ${steps} steps` })
  return [
    exactly(row('a better result that pays less'), falls, 0, 'steps'),
    exactly(row('a jump of more than the price times patient-years'), jumps, 0, 'steps'),
  ]
}

export const monotone: readonly Study[] = [{ name: 'monotone', rows: monotoneRows }]
