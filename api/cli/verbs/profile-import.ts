/** The profile after an import: in the result, as a file and a page beside rejects.csv, and in a few lines. */
import { join } from 'node:path'
import { writePrivateFile } from '../../../data/files/private-file.ts'
import type { Store } from '../../../data/postgres/database.ts'
import type { ImportResult } from '../../../data/import/import.ts'
import { profileOf } from '../../../data/profile/profile.ts'
import { readSuspicions } from '../../../data/profile/suspicions.ts'
import { disclosedProfile, type DisclosedProfile } from '../../views/profile.ts'
import { inWords, profilePageOf } from '../../report/profile-page.ts'
import { sentencesOf } from '../../report/words/profile-sentences.ts'
import type { Terminal } from '../terminal.ts'

export interface Profiled {
  readonly profile: DisclosedProfile
  /** the suspicions, in English sentences */
  readonly suspicions: readonly string[]
  readonly profilePage: string
}

/** Writes profile.json and profile.html to `out`. */
export async function profileImport(store: Store, result: ImportResult, out: string): Promise<Profiled> {
  const found = await profileOf(store, result)
  const profile = disclosedProfile(found, await readSuspicions())
  await writePrivateFile(join(out, 'profile.json'), async (to) => to.write(`${JSON.stringify(profile, null, 2)}\n`))
  const page = join(out, 'profile.html')
  await writePrivateFile(page, async (to) => to.write(profilePageOf(inWords(profile, found, 'nl'))))
  return { profile, suspicions: sentencesOf(inWords(profile, found, 'en')), profilePage: page }
}

const mostSaid = 8

export function sayProfile({ terminal }: { readonly terminal: Terminal }, { suspicions, profilePage }: Profiled): void {
  for (const sentence of suspicions.slice(0, mostSaid)) terminal.line(sentence)
  if (suspicions.length > mostSaid) terminal.line(`And ${suspicions.length - mostSaid} more.`)
  terminal.line(`Profile of the delivery: ${profilePage}`)
}
