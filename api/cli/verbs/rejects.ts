/** `winst rejects`: what an import did not take, a file for each practice, in Dutch or English. */
import { join } from 'node:path'
import {
  issuesInDirectory,
  issuesOfDelivery,
  writeIssuesByPractice,
  type IssueTexts,
} from '../../../data/import/issues-by-practice.ts'
import { deliveryOn } from '../../../data/region/deliveries.ts'
import { regionAsked } from '../../../data/region/regions.ts'
import type { Day } from '../../../engine/kernel/calendar.ts'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import type { Verb } from '../verb.ts'
import { noteLook } from '../looks.ts'
import { withStore } from './local-services.ts'

export interface RejectsOptions {
  readonly by: 'practice'
  readonly region?: string
  readonly delivered?: Day
  /** a directory with rejects.csv, of an import of which nothing was kept, say */
  readonly from?: string
  readonly language: 'nl' | 'en'
  readonly out?: string
}

export const rejectsVerb: Verb<RejectsOptions> = ({ by, region: name, delivered, from, language, out }, { terminal }) =>
  withStore(async (store, { home }) => {
    const told = from === undefined ? await toldOf() : { what: { from }, texts: await inDirectory(from), place: from }
    const dir = out ?? join(told.place, 'by-practice')
    const practices = await writeIssuesByPractice(told.texts, language, dir)
    terminal.line(
      practices.length === 0 ? 'Every row was taken as it stands.' : `Rows to look at, a file each in ${dir}:`,
    )
    const widest = Math.max(0, ...practices.map(({ file }) => file.length))
    for (const { file, rejected, kept } of practices)
      terminal.line(`${file.padEnd(widest)} ${String(rejected).padStart(8)} rejected ${String(kept).padStart(8)} kept`)
    return { ...told.what, by, language, out: dir, practices }

    async function toldOf() {
      const region = await regionAsked(store, name)
      // A row that was not taken tells of the patient it is about.
      const { regionId } = region
      const object = { region: region.name }
      await noteLook(store, {
        command: 'winst rejects',
        regionId,
        purpose: 'administration',
        object,
        patients: 'everybody',
      })
      const { deliveryId, deliveredOn } = await deliveryOn(store, region, delivered)
      return {
        what: { region: region.name, delivered_on: deliveredOn },
        texts: await issuesOfDelivery(store, deliveryId),
        place: join(home, 'rejects', region.name),
      }
    }
  })

const inDirectory = (dir: string): Promise<IssueTexts> =>
  issuesInDirectory(dir).catch((error: unknown) => {
    throw new Refusal('missing_file', `${dir} has no rejects.csv; name the directory that an import wrote to.`, {
      dir,
      cause: error instanceof Error ? error.message : '',
    })
  })
