/** `winst import`: a dataset into the store, with the counts of its rows. */
import { basename, join, resolve, sep } from 'node:path'
import { makePrivateDirectory } from '../../../data/files/private-file.ts'
import type { Store } from '../../../data/postgres/database.ts'
import { importDataset, type ImportResult } from '../../../data/import/import.ts'
import type { ImportProgress } from '../../../data/import/delivery-files.ts'
import { regionNameOf } from '../../../data/region/region-name.ts'
import { FORMATS, importConverted, type Conversion } from '../../../data/interchange/convert.ts'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import type { Verb } from '../verb.ts'
import type { Terminal } from '../terminal.ts'
import { profileImport, sayProfile, type Profiled } from './profile-import.ts'
import { printConversion } from './print-conversion.ts'
import { withStore } from './local-services.ts'

export interface ImportOptions {
  readonly data: string
  readonly region?: string
  readonly format?: string
  readonly delivered?: string
  readonly maxRejects?: number
  readonly pseudonymise?: boolean
}

/** The region that a dataset belongs to: the one that is named, or the directory's own name.
 *  @throws Refusal `no_region`, `invalid_region` */
export const regionNamed = ({ data, region }: Pick<ImportOptions, 'data' | 'region'>): string =>
  regionNameOf(region ?? basename(resolve(data)))

/** Imports as the options say; rejects.csv and the profile go to `out`. */
export async function importAsAsked(
  store: Store,
  options: ImportOptions,
  out: string,
  terminal: Terminal,
): Promise<Imported> {
  const format = formatOf(options.format ?? 'csv')
  const region = regionNamed(options)
  refuseOutAmongSources(options.data, out, format)
  await makePrivateDirectory(out)
  const order = {
    dir: options.data,
    region,
    delivered: options.delivered,
    maxRejects: options.maxRejects,
    pseudonymKey: options.pseudonymise ? (process.env.WINST_PSEUDONYM_KEY ?? '') : undefined,
    rejectsPath: join(out, 'rejects.csv'),
  }
  const progress = ({ bytesRead, bytesTotal }: ImportProgress) =>
    terminal.progress.stage('import', bytesRead, bytesTotal)
  const result: ImportResult & { readonly conversion?: Conversion } =
    format === 'csv'
      ? await importDataset(store, order, progress)
      : await importConverted(store, format, order, progress).catch((error: unknown) => {
          if (error instanceof Refusal && error.facts.conversion !== undefined)
            printConversion({ terminal }, error.facts.conversion as Conversion)
          throw error
        })
  return { ...result, ...(await profileImport(store, result, out)) }
}

/** What is written among the files of a source that is read whole would be read as part of it the next time. */
function refuseOutAmongSources(data: string, out: string, format: string): void {
  if (format === 'csv' || (resolve(out) !== resolve(data) && !resolve(out).startsWith(resolve(data) + sep))) return
  throw new Refusal(
    'usage',
    `--out ${out} lies in --data ${data}, all of which is read; name a directory elsewhere for what is written.`,
  )
}

/** With the profile of the delivery; with --format other than csv, also the account of the conversion. */
export type Imported = ImportResult & Profiled & { readonly conversion?: Conversion }

function formatOf(format: string): 'csv' | (typeof FORMATS)[number] {
  const known = (['csv', ...FORMATS] as const).find((each) => each === format)
  if (known === undefined)
    throw new Refusal('usage', `--format ${format}: it should be csv, ${FORMATS.join(', ')}.`, { format })
  return known
}

/** The result of an import as text. */
export function sayImport({ terminal }: { readonly terminal: Terminal }, result: Imported): void {
  const { region, deliveredOn, imported, files, unknownColumns, rejectsPath, warningsPath, lost } = result
  terminal.line(
    imported
      ? `Region ${region}, delivery of ${deliveredOn}:`
      : `Region ${region}: the delivery of ${deliveredOn} was imported before; nothing changed.`,
  )
  if (result.conversion) printConversion({ terminal }, result.conversion)
  const widest = Math.max(4, ...files.map(({ file }) => file.length))
  const row = (cells: readonly (string | number)[]) =>
    cells.map((cell, at) => (at === 0 ? String(cell).padEnd(widest) : String(cell).padStart(10))).join(' ')
  terminal.line(row(['file', 'rows', 'accepted', 'rejected', 'unchanged']))
  for (const { file, rows, accepted, rejected, unchanged } of files)
    terminal.line(row([file, rows, accepted, rejected, unchanged]))
  for (const { file, column } of unknownColumns)
    terminal.line(`${file}: column "${column}" is not known, and was ignored.`)
  if (lost.patients + lost.practices > 0)
    terminal.line(
      `Gone from this delivery: partners ${lost.practices}, patients ${lost.patients}, as rows that others hang on were rejected: ${[...lost.practicesAt, ...lost.patientsAt].join('; ')}.`,
    )
  if (lost.patients > 0 || files.some(({ rejected }) => rejected > 0))
    terminal.line(`What was rejected, and why: ${rejectsPath}`)
  if (files.some(({ warnings }) => warnings > 0))
    terminal.line(`What was left blank or read otherwise: ${warningsPath}`)
  sayProfile({ terminal }, result)
}

export const importVerb: Verb<ImportOptions & { out?: string }> = (options, { terminal }) =>
  withStore(async (store, { home }) => {
    const out = options.out ?? join(home, 'rejects', regionNamed(options))
    const result = await importAsAsked(store, options, out, terminal)
    terminal.progress.close()
    sayImport({ terminal }, result)
    return result
  })
