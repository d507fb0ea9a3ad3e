/** Outcomes lost at random do not bias payments; deletion of the worst is detected. */
import type { Contract } from '../../engine/contract/contract.ts'
import { randomOf } from '../../engine/kernel/random.ts'
import { contractWith, Z } from '../simulation/contract.ts'
import { atLeast, atMost, between, meanOf, percent, small, Tally, reported, type Row } from '../simulation/figure.ts'
import { deletingWorst, losing } from '../simulation/hiding.ts'
import { bonusesOf } from '../simulation/partner-figures.ts'
import { RESIDUAL_SD } from '../simulation/patients.ts'
import { regionsOf, type Scale, type Study } from '../simulation/scale.ts'
import { inputOf, settledUnder } from '../simulation/settle.ts'
import { worldWith } from '../simulation/world.ts'

const PROPERTY = 'no skimming, no hiding'
const LOST = 0.2

/** A fifth of one partner's outcomes lost by chance. What its mean may move is what the lost ones told:
 *  the variance of a mean of fewer less that of a mean of more. */
function losingRows(scale: Scale): Row[] {
  const [moved, within, bonus] = [new Tally(), new Tally(), new Tally()]
  const world = worldWith({ panel: 300, missingShare: 0.1 })
  const banded = contractWith({ deadBand: { eur: 0, z: Z } })
  let r = 0
  for (const region of regionsOf(world, scale, [30, 0])) {
    const lost = losing(region, region.contractPartners, LOST, randomOf(scale.seed, 30, 1, r++))
    const [before, after] = [region, lost].map((each) => settledUnder(inputOf(each, banded), {}))
    const changes = before!.partners.map((partner, p) => {
      const [was, is] = [partner.outcomes[0]!, after!.partners[p]!.outcomes[0]!]
      const noise = Math.sqrt((LOST / (1 - LOST)) * (RESIDUAL_SD ** 2 / was.measured))
      return { change: is.mean_gain! - was.mean_gain!, noise }
    })
    moved.add(meanOf(changes.map(({ change }) => change / RESIDUAL_SD)))
    within.add(meanOf(changes.map(({ change, noise }) => (Math.abs(change) <= 1.96 * noise ? 1 : 0))))
    bonus.add(bonusesOf(after!))
  }
  const row = (regime: string) => ({
    property: PROPERTY,
    tests: '',
    regime: `a fifth of outcomes lost by chance: ${regime}`,
  })
  return [
    small(row('change of the mean gain'), moved, 0.02, 'sd'),
    between(row('changes within 1.96 of the noise of what was lost'), within, 0.93, 1),
    atMost(row('false bonus'), bonus, 0.05),
  ]
}

const GATE: Contract['gates'] = [{ gate: 'max_excess_missing', weight: 1, rule: { atMost: 0.05 } }]

/** The first partner of a region deletes its worst outcomes. */
function deletingRows(share: number, panel: number, scale: Scale, cell: number): Row[] {
  const [failed, paid, honest] = [new Tally(), new Tally(), new Tally()]
  const world = worldWith({ panel, panelSpread: 0.2, missingShare: 0.1, partners: 4, controls: 6 })
  const gated = contractWith({ gates: GATE })
  for (const region of regionsOf(world, { ...scale, partnerYears: scale.partnerYears / 2 }, [31, cell])) {
    const { partners } = settledUnder(inputOf(deletingWorst(region, 0, share), gated, true), {})
    failed.add(partners[0]!.gates[0]!.passed ? 0 : 1)
    paid.add(partners[0]!.payment_cents > 0 ? 1 : 0)
    honest.add(meanOf(partners.slice(1).map(({ gates }) => (gates[0]!.passed ? 0 : 1))))
  }
  const name = `the worst ${100 * share}% deleted by a partner of about ${panel} patients, 10% missing before`
  const row = (regime: string) => ({ property: PROPERTY, tests: '', regime })
  return [
    atLeast(row(`fails max_excess_missing <= 0.05: ${name}`), failed, 0.95),
    atMost(row(`is paid a bonus with that gate: ${name}`), paid, 0.05),
    reported(
      row(`honest partners that fail max_excess_missing <= 0.05, about ${panel} patients`),
      percent(honest.mean),
      percent(honest.se),
      'the method sets no limit on false alarms of a gate',
    ),
  ]
}

/** A losing partner deletes the worst fifth: no bonus may come of it; the effect on its malus is reported. */
function malusRows(scale: Scale): Row[] {
  const [bonus, kept, deducted] = [new Tally(), new Tally(), new Tally()]
  const world = worldWith({ panel: 600, panelSpread: 0.2, missingShare: 0.1, partners: 4, controls: 6, effectSd: 1.5 })
  const gated = contractWith({ gates: GATE, pessimisticShiftSd: 0.3 })
  for (const region of regionsOf(world, { ...scale, partnerYears: scale.partnerYears / 2 }, [32, 0])) {
    const [before, after] = [region, deletingWorst(region, 0, 0.2)].map(
      (each) => settledUnder(inputOf(each, gated, true), {}).partners[0]!,
    )
    if (before!.payment_cents >= 0) continue
    bonus.add(after!.payment_cents > 0 ? 1 : 0)
    kept.add(Math.min(0, after!.payment_cents) / before!.payment_cents)
    const hidden = settledUnder(inputOf(deletingWorst(region, 0, 0.2), gated, true), { excessMissing: 'deduct' })
    deducted.add(Math.min(0, hidden.partners[0]!.payment_cents) / before!.payment_cents)
  }
  const row = (regime: string) => ({
    property: PROPERTY,
    tests: 'T24a',
    regime: `a losing partner deletes its worst 20%: ${regime}`,
  })
  return [
    atMost(row('is paid a bonus'), bonus, 0.05),
    reported(
      row('share of its malus that stays'),
      percent(kept.mean),
      percent(kept.se),
      'gates and the pessimistic shift touch gains only (method.md 5.1, 5.5), so hiding softens a malus where a contract does not say `excess_missing: deduct`; with that clause the row below is judged',
    ),
    atLeast(row('share of its malus that stays, excess_missing: deduct'), deducted, 1),
  ]
}

export const hiding: readonly Study[] = [
  { name: 'losing by chance', rows: losingRows },
  { name: 'deleting the worst 10%', rows: (scale) => deletingRows(0.1, 600, scale, 0) },
  { name: 'deleting the worst 20%', rows: (scale) => deletingRows(0.2, 600, scale, 1) },
  { name: 'deleting the worst 20%, small panels', rows: (scale) => deletingRows(0.2, 250, scale, 2) },
  { name: 'deleting to soften a malus', rows: malusRows },
]
