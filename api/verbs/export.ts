/** `winst export`: a region out of the store, in a format that others read. */
import { EXPORT_FORMATS, exportRegion, type ExportFormat } from '../../data/export.ts'
import { latestDelivery, regionAsked } from '../../data/regions.ts'
import { Refusal } from '../../engine/refusal.ts'
import type { Verb } from '../cli.ts'
import { withStore } from './workplace.ts'

export interface ExportOptions {
  readonly out: string
  readonly format: string
  readonly region?: string
  readonly asOf?: string
  readonly gzip?: boolean
}

export const exportVerb: Verb<ExportOptions> = (
  { out, format: asked, region: name, asOf, gzip = false },
  { terminal },
) =>
  withStore(async (store) => {
    const format = formatOf(asked)
    const region = await regionAsked(store, name)
    const day = asOf ?? (await latestDelivery(store, region))
    const files = await exportRegion(store, { regionId: region.regionId, asOf: day, format, dir: out, gzip })
    terminal.line(`Region ${region.name} as known on ${day}, as ${format}:`)
    const widest = Math.max(...files.map(({ file }) => file.length))
    for (const { file, rows } of files) terminal.line(`${file.padEnd(widest)} ${String(rows).padStart(10)}`)
    return { region: region.name, as_of: day, format, out, files }
  })

function formatOf(format: string): ExportFormat {
  const known = EXPORT_FORMATS.find((each) => each === format)
  if (known) return known
  throw new Refusal('usage', `--format ${format}: it should be ${EXPORT_FORMATS.join(', ')}.`, { format })
}
