/** A dataset so many times over, each time with patients of other names: millions of rows on disk, in the memory of a few blocks. */
import { copyFile, mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { blocksOf } from '../data/files/csv-blocks.ts'

/** Writes partners, patients, enrolments and observations to `to`; the patients of the second time are called ID-2, and so on. */
export async function manyTimes(dir: string, times: number, to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  await copyFile(join(dir, 'partners.csv'), join(to, 'partners.csv'))
  for (const name of ['patients.csv', 'enrolments.csv', 'observations.csv']) {
    const file = await open(join(to, name), 'w')
    try {
      for (let time = 1; time <= times; time++)
        for await (const { bytes, line } of blocksOf(join(dir, name), name)) {
          const text = bytes.toString('latin1') // byte for byte
          const header = line === 1 ? text.indexOf('\n') + 1 : 0
          const rows = text.slice(header)
          if (time === 1) await file.write(text, null, 'latin1')
          else await file.write(rows.replace(/^[^,;\n]+/gm, `$&-${time}`), null, 'latin1')
        }
    } finally {
      await file.close()
    }
  }
}
