/** `winst road`: what blocks a contract for hospital care at home, what moves between its parties, and the contract when all is agreed. */
import { writeFile } from 'node:fs/promises'
import { EXCHANGE } from '../../../data/exchange/exchange.ts'
import { loadProgrammes } from '../../../data/region/programme-files.ts'
import { contractTextOf, readRoad } from '../../../data/road/road-file.ts'
import { blocksOf, type Block } from '../../../engine/road/blocks.ts'
import { movesOf, presentGainOf, type Move } from '../../../engine/road/moves.ts'
import { qualityOf, type QualityResult } from '../../../engine/road/quality.ts'
import { worthOf } from '../../../engine/road/worth.ts'
import { centsOf } from '../../../engine/kernel/allocation.ts'
import type { Day } from '../../../engine/kernel/calendar.ts'
import type { Verb } from '../verb.ts'

export interface RoadOptions {
  readonly file: string
  readonly on?: Day
  readonly out?: string
}

/** The report is told whether the road is open or not; then an open one is refused. */
export const roadVerb: Verb<RoadOptions> = async ({ file, on, out }, { terminal }) => {
  const road = await readRoad(file)
  const blocks = blocksOf(road, on ?? null)
  const moves = movesOf(road)
  const quality = qualityOf(road.quality, EXCHANGE.valueSets)
  const worth = worthOf(road, EXCHANGE)
  const uncertain = road.business.items.filter(({ certainty }) => certainty === 'GK-low' || certainty === 'NF')
  terminal.line(`${road.title} (${road.road}): ${road.business.patients} patients a year, ${road.business.years} years`)
  for (const block of blocks) terminal.line(blockLine(block))
  for (const move of moves)
    terminal.line(moveLine(move, presentGainOf(move, road.business, EXCHANGE.discounting.costs)))
  terminal.line(qualityLine(road.quality.measure, quality))
  if (worth)
    terminal.line(
      `  to society ${worth.qaly.toFixed(2)} QALY${worth.eur === null ? '' : `, ${eur(worth.eur)}`} over the years`,
    )
  for (const { item, certainty, source } of uncertain) terminal.line(`  ${item} is ${certainty}: ${source}`)
  const yaml = contractTextOf(road, await loadProgrammes())
  const contract = out ?? file.replace(/(\.ya?ml)?$/, '.contract.yaml')
  await writeFile(contract, yaml)
  terminal.line(`Everything is agreed; the contract: ${contract}`)
  return { road: road.road, blocks, moves: moves.map(inCents), quality, worth, contract }
}

const eur = (amount: number): string => `EUR ${(centsOf(amount) / 100).toFixed(2)}`

const blockLine = ({ step, subject, party, state, owner, due, overdue }: Block): string =>
  `  blocks: ${step}, ${subject}: ${state} at ${party} (owner ${owner}, due ${due}${overdue ? ', overdue' : ''})`

const moveLine = ({ party, revenue, fixedCostLeftBehind, gain, risk }: Move, overYears: number): string =>
  `  ${party}: revenue ${eur(revenue)}, fixed cost left behind ${eur(fixedCostLeftBehind)}, gain ${eur(gain)} a patient, give or take ${eur(risk)}; ${eur(overYears)} over the years`

const qualityLine = (measure: string, { difference, low, high, margin, atLeastEqual }: QualityResult): string =>
  `  quality (${measure}): ${difference.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)}) against a margin of ${margin}: ${{ shown: 'at least equal', not_shown: 'not shown to be at least equal', worse: 'worse' }[atLeastEqual]}`

const inCents = ({ party, revenue, variableCost, fixedCostLeftBehind, gain, risk }: Move) => ({
  party,
  revenue_cents: centsOf(revenue),
  variable_cost_cents: centsOf(variableCost),
  fixed_cost_left_behind_cents: centsOf(fixedCostLeftBehind),
  gain_cents: centsOf(gain),
  risk_cents: centsOf(risk),
})
