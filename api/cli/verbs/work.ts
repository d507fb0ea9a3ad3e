/** `winst work`: who still has to be measured, as a CSV file, with the faults of the delivery by practice. */
import type { Writable } from 'node:stream'
import { writePrivateFile } from '../../../data/files/private-file.ts'
import { pageOfRows } from '../../../data/postgres/keyset.ts'
import { regionAsked } from '../../../data/region/regions.ts'
import { cell } from '../../../data/settlements/outputs.ts'
import type { WorkItem } from '../../../data/work/work-list.ts'
import type { Day } from '../../../engine/kernel/calendar.ts'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import { WORK, wholeWork, workFor } from '../../views/work.ts'
import { noteLook } from '../looks.ts'
import { readerAtHand } from '../notebook.ts'
import type { Verb } from '../verb.ts'
import { withStore } from './local-services.ts'

export interface WorkOptions {
  readonly out: string
  readonly region?: string
  readonly contract?: string
  readonly asOf?: Day
}

const COLUMNS: readonly (readonly [string, (item: WorkItem) => string])[] = [
  ['partner_id', ({ partnerId }) => partnerId],
  ['practice_id', ({ practiceId }) => practiceId],
  ['patient_id', ({ patientId }) => patientId],
  ['measure', ({ measure }) => measure],
  ['window_from', ({ windowFrom }) => windowFrom],
  ['window_to', ({ windowTo }) => windowTo],
  ['last_value_on', ({ lastValueOn }) => lastValueOn ?? ''],
  ['contract', ({ contract }) => contract],
]

export const workVerb: Verb<WorkOptions> = ({ out, region: name, contract, asOf: on }, { terminal }) =>
  withStore(async (store) => {
    const reader = await readerAtHand(store)
    const region = await regionAsked(store, 'region' in reader ? String(reader.region) : name)
    if (!['analyst', 'auditor', 'partner'].includes(reader.role))
      throw new Refusal('not_allowed', `Rows of persons are none of the role ${reader.role}'s; a partner has its own.`)
    const { asOf, items, faults } = workFor(reader, await wholeWork(store, { region, asOf: on, contract }))
    const asked = { sort: WORK.first, descending: false, after: null, limit: items.length }
    const ordered = pageOfRows(WORK, asked, items).items
    await noteLook(store, {
      command: 'winst work',
      regionId: region.regionId,
      purpose: 'care',
      object: { region: region.name, as_of: asOf },
      patients: items.length > MOST_NAMED ? 'everybody' : items.map(({ patientId }) => patientId),
    })
    await writePrivateFile(out, (to) => writeRows(to, ordered))
    terminal.line(`${out}: ${items.length} measurements still to be made in ${region.name}, as known on ${asOf}.`)
    for (const { practice_id: practice, rejected, kept } of faults)
      terminal.line(`${practice || '(no practice)'}  ${rejected} rejected  ${kept} kept with a remark`)
    return { region: region.name, as_of: asOf, out, measurements: items.length, faults }
  })

/** A look at more than these is a look at everybody. */
const MOST_NAMED = 20_000

async function writeRows(to: Writable, items: readonly WorkItem[]): Promise<void> {
  to.write(`${COLUMNS.map(([column]) => column).join(',')}\n`)
  for (const item of items) to.write(`${COLUMNS.map(([, of]) => cell(of(item))).join(',')}\n`)
}
