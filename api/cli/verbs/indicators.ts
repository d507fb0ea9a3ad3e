/** `winst indicators`: the indicators of a year by partner, the file for the benchmark, and what segment 3 comes to. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readSegment3, type Segment3Statement } from '../../../data/indicators/evidence.ts'
import { benchmarkCsv, indicatorsCsv } from '../../../data/indicators/indicator-csv.ts'
import { loadIndicators } from '../../../data/indicators/indicator-files.ts'
import { readFigures } from '../../../data/indicators/indicators.ts'
import { membersOf } from '../../../data/indicators/persons.ts'
import { listContracts } from '../../../data/region/contracts.ts'
import { regionProgrammes } from '../../../data/region/region-programmes.ts'
import { latestDelivery, regionAsked } from '../../../data/region/regions.ts'
import type { Day } from '../../../engine/kernel/calendar.ts'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import type { Verb } from '../verb.ts'
import { withStore } from './local-services.ts'

export interface IndicatorsOptions {
  readonly region?: string
  readonly year: number
  readonly programme?: string
  readonly data?: string
  readonly asOf?: Day
  readonly out: string
}

export const indicatorsVerb: Verb<IndicatorsOptions> = (asked, { terminal }) =>
  withStore(async (store) => {
    const { year, programme, out } = asked
    const region = await regionAsked(store, asked.region)
    const asOf = asked.asOf ?? (await latestDelivery(store, region))
    const known = await loadIndicators(asked.data)
    const indicators = known.filter((each) => programme === undefined || each.programme === programme)
    if (indicators.length === 0)
      throw new Refusal(
        'unknown_programme',
        `No indicators are known of programme ${programme ?? ''}; there are of ${[...new Set(known.map((each) => each.programme))].join(', ')}.`,
      )
    const { regionId } = region
    const programmes = await regionProgrammes(store.pool, regionId, asOf)
    const figures = await readFigures(store, { regionId, asOf, year, programmes, indicators })
    const members = await membersOf(store, regionId, asOf)
    await mkdir(out, { recursive: true })
    await writeFile(join(out, 'indicators.csv'), indicatorsCsv(figures))
    await writeFile(join(out, 'benchmark.csv'), benchmarkCsv(figures, new Set(members.keys())))
    const contracts = (await listContracts(store, regionId)).filter(
      ({ contract }) => contract.segment3 !== undefined && contract.period.start.startsWith(`${year}-`),
    )
    const segment3 = []
    for (const { contract } of contracts)
      segment3.push({ contract: contract.contract, partners: await readSegment3(store, { regionId, asOf, contract }) })
    if (segment3.length > 0) await writeFile(join(out, 'segment3.csv'), segment3Csv(segment3, year))
    const partners = new Set(figures.map(({ partnerId }) => partnerId)).size
    terminal.line(
      `${figures.length} figures of ${partners} partners over ${year}, as known on ${asOf}: ${out}/indicators.csv, ${out}/benchmark.csv`,
    )
    for (const { contract, partners: each } of segment3)
      terminal.line(
        `segment 3 of ${contract}: ${each.filter(({ met }) => met).length} of ${each.length} partners meet every condition (${out}/segment3.csv)`,
      )
    return { region: region.name, year, as_of: asOf, out, figures: figures.length, partners, segment3 }
  })

function segment3Csv(
  contracts: readonly { contract: string; partners: readonly Segment3Statement[] }[],
  year: number,
): string {
  const rows = contracts.flatMap(({ contract, partners }) =>
    partners.map(({ partnerId, patients, conditions, met, cents }) => [
      partnerId,
      year,
      contract,
      patients,
      met ? 'ja' : 'nee',
      cents,
      conditions.map((each) => `${each.condition}: ${each.met ? 'ja' : 'nee'} (${each.evidence})`).join(' | '),
    ]),
  )
  const header = ['partner_id', 'jaar', 'contract', 'patienten', 'voldaan', 'cents', 'voorwaarden']
  return [header, ...rows].map((cells) => `${cells.join(';')}\n`).join('')
}
