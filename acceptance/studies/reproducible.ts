/** Same inputs, same bytes, whatever was settled in between. */
import { settlementText } from '../../engine/settlement/statement.ts'
import { contractWith } from '../simulation/contract.ts'
import { exactly, type Row } from '../simulation/figure.ts'
import type { Region } from '../simulation/region.ts'
import { regionsOf, type Scale, type Study } from '../simulation/scale.ts'
import { inputOf, settledUnder } from '../simulation/settle.ts'
import { HIDDEN, worldWith } from '../simulation/world.ts'

function reproducibleRows(scale: Scale): Row[] {
  const world = worldWith({ missingShare: 0.2, ...HIDDEN })
  const textOf = (region: Region) => settlementText(settledUnder(inputOf(region, contractWith(), true), {}))
  const textsOf = () => [...regionsOf(world, { ...scale, partnerYears: 72 }, [90, 0])].map(textOf)
  const [once, again] = [textsOf(), textsOf()]
  const differing = once.filter((text, at) => text !== again[at]).length
  const regime = `settlements that differ of ${once.length}: simulated and settled again`
  return [exactly({ property: 'reproducible', tests: '', regime }, differing, 0, 'settlements')]
}

export const reproducible: readonly Study[] = [{ name: 'reproducible', rows: reproducibleRows }]
