/** `winst export`: a region out of the store, in a format that others read. */
import { EXPORT_FORMATS, exportRegion, exportResearch, type ExportFormat } from '../../../data/export/export.ts'
import type { Store } from '../../../data/postgres/database.ts'
import { latestDelivery, regionAsked } from '../../../data/region/regions.ts'
import { readRun } from '../../../data/runs/runs.ts'
import type { Day } from '../../../engine/kernel/calendar.ts'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import type { Verb } from '../verb.ts'
import { noteLook } from '../looks.ts'
import { withStore } from './local-services.ts'

export interface ExportOptions {
  readonly out: string
  readonly format: string
  /** its expectations and gains, instead of the region's facts */
  readonly settlement?: string
  readonly region?: string
  readonly asOf?: Day
  readonly gzip?: boolean
}

export const exportVerb: Verb<ExportOptions> = (options, { terminal }) =>
  withStore(async (store) => {
    const format = formatOf(options.format)
    const { out, gzip = false, settlement } = options
    if (settlement !== undefined && format !== 'omop')
      throw new Refusal('usage', `--settlement is written in the shape of OMOP: --format omop, not ${format}.`, {
        format,
      })
    const { what, files } =
      settlement === undefined
        ? await exportFacts(store, format, options)
        : {
            what: { settlement_id: settlement },
            files: await exportAssessed(store, { settlementId: settlement, dir: out, gzip }),
          }
    terminal.line(`${Object.values(what).join(', as known on ')}, as ${format}:`)
    const widest = Math.max(...files.map(({ file }) => file.length))
    for (const { file, rows } of files) terminal.line(`${file.padEnd(widest)} ${String(rows).padStart(10)}`)
    return { ...what, format, out, files }
  })

async function exportAssessed(store: Store, order: Parameters<typeof exportResearch>[1]) {
  const { settlementId } = order
  const { regionId } = await readRun(store, settlementId)
  const object = { settlement: settlementId }
  await noteLook(store, { command: 'winst export', regionId, purpose: 'research', object, patients: 'everybody' })
  return await exportResearch(store, order)
}

async function exportFacts(
  store: Store,
  format: ExportFormat,
  { out, region: name, asOf, gzip = false }: ExportOptions,
) {
  const { regionId, name: region } = await regionAsked(store, name)
  await noteLook(store, { command: 'winst export', regionId, object: { region, format }, patients: 'everybody' })
  const day = asOf ?? (await latestDelivery(store, { regionId, name: region }))
  const files = await exportRegion(store, { regionId, asOf: day, format, dir: out, gzip })
  return { what: { region, as_of: day }, files }
}

function formatOf(format: string): ExportFormat {
  const known = EXPORT_FORMATS.find((each) => each === format)
  if (known) return known
  throw new Refusal('usage', `--format ${format}: it should be ${EXPORT_FORMATS.join(', ')}.`, { format })
}
