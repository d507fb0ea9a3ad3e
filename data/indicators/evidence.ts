/** The evidence of the conditions of segment 3, computed from what a region delivered. */
import type { QualityEvidence } from '../../engine/assessment/assessment.ts'
import type { Contract } from '../../engine/contract/contract.ts'
import type { Condition } from '../../engine/contract/segment3.ts'
import { NOBODY, type Figure } from '../../engine/indicators/figures.ts'
import { indicatorsOn } from '../../engine/indicators/indicator.ts'
import { figuresOf, lookedAt, standingsOf, type Standings } from '../../engine/indicators/reckoning.ts'
import { lastDayOf } from '../../engine/indicators/reporting-year.ts'
import { segment3Of, type ConditionResult, type Shown } from '../../engine/indicators/segment3.ts'
import type { Day } from '../../engine/kernel/calendar.ts'
import type { Cents } from '../../engine/kernel/money.ts'
import { byCodeUnits } from '../columns/text-order.ts'
import type { Store } from '../postgres/database.ts'
import { deliveriesUpTo } from '../region/deliveries.ts'
import { readQuality } from '../region/quality.ts'
import { regionProgrammes } from '../region/region-programmes.ts'
import { loadIndicators } from './indicator-files.ts'
import { membersOf, readPersons } from './persons.ts'

export interface Segment3Statement {
  readonly partnerId: string
  readonly patients: number
  readonly conditions: readonly ConditionResult[]
  readonly met: boolean
  readonly cents: Cents
}

/** What every partner of a contract with a clause of segment 3 shows for the contract year, in order of partner_id; none without the clause. */
export async function readSegment3(
  store: Pick<Store, 'pool' | 'db'>,
  { regionId, asOf, contract }: { readonly regionId: number; readonly asOf: Day; readonly contract: Contract },
): Promise<Segment3Statement[]> {
  const { segment3 } = contract
  if (segment3 === undefined) return []
  const year = Number(contract.period.start.slice(0, 4))
  const programme = (await regionProgrammes(store.pool, regionId, asOf)).get(contract.programme)
  if (programme === undefined) return []
  const indicators = (await loadIndicators()).filter((each) => each.programme === contract.programme)
  const { measures, since } = lookedAt(indicators, [programme], year)
  const until = lastDayOf(year)
  const persons = await readPersons(store, { regionId, asOf, measures, since, until })
  const reckoned = { year, programme, indicators, persons, memberOf: await membersOf(store, regionId, asOf) }
  const [standings, figures] = [standingsOf(reckoned), indicators.length === 0 ? [] : figuresOf(reckoned)]
  const deliveries = await deliveriesUpTo(store, regionId, asOf)
  const deliveredOn = deliveries.map((each) => each.deliveredOn).filter((day) => day > until)
  const quality = await readQuality(store, regionId, asOf)
  const { control } = contract
  const partners = contract.partners ?? [...standings.keys()].filter((id) => !control.includes(id))
  return [...partners].sort().map((partnerId) => {
    const standing: Standings = standings.get(partnerId) ?? { mainPractitioner: NOBODY, patients: 0 }
    const shown: Shown = {
      said: saidOf(quality, partnerId, String(year)),
      deliveredOn,
      figures: figures.filter((each: Figure) => each.partnerId === partnerId),
      indicators: indicators.length === 0 ? 0 : indicatorsOn(indicators, until).length,
      mainPractitioner: standing.mainPractitioner,
    }
    return { partnerId, patients: standing.patients, ...segment3Of(segment3, shown, standing.patients) }
  })
}

/** The row of the year goes before the one without. */
const saidOf = (quality: readonly QualityEvidence[], partnerId: string, year: string): ReadonlyMap<string, string> =>
  new Map(
    quality
      .filter((row) => row.partnerId === partnerId && (row.period === null || row.period === year))
      .sort((a, b) => Number(a.period !== null) - Number(b.period !== null))
      .map(({ gate, value }) => [gate, value]),
  )

/** Computed from facts: whatever quality.csv says of them counts no more in a contract with the clause. */
const COMPUTED: readonly Condition[] = ['donkerblauw', 'main_practitioner_known', 'process_indicators']

/** The evidence of a settlement's gates: quality.csv, and in a contract with a clause of segment 3 the conditions that are computed, as `true` or `false`. */
export async function readEvidence(
  store: Pick<Store, 'pool' | 'db'>,
  asked: { readonly regionId: number; readonly asOf: Day; readonly contract: Contract },
): Promise<QualityEvidence[]> {
  const { contract } = asked
  const said = await readQuality(store, asked.regionId, asked.asOf)
  const gates = contract.gates.map(({ gate }) => gate)
  const computed = COMPUTED.filter((each) => gates.includes(each) && contract.segment3?.conditions.includes(each))
  if (computed.length === 0) return said
  const period = contract.period.start.slice(0, 4)
  const shown = (await readSegment3(store, asked)).flatMap(({ partnerId, conditions }) =>
    conditions
      .filter(({ condition }) => computed.includes(condition))
      .map(({ condition, met }) => ({ partnerId, gate: condition, value: String(met), period })),
  )
  const rest = said.filter(({ gate }) => !computed.some((each) => each === gate))
  return [...rest, ...shown].sort(compared)
}

/** As quality.csv is read: by partner, gate and period. */
const compared = (a: QualityEvidence, b: QualityEvidence): number =>
  byCodeUnits(a.partnerId, b.partnerId) || byCodeUnits(a.gate, b.gate) || byCodeUnits(a.period ?? '', b.period ?? '')
