/** A file that is complete, or not there. */
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { finished } from 'node:stream/promises'
import type { Writable } from 'node:stream'

/** Writes beside the file and renames: whoever reads it never sees half of it. */
export async function writeWhole(path: string, write: (to: Writable) => Promise<unknown>): Promise<void> {
  const partial = `${path}.partial`
  const to = createWriteStream(partial)
  try {
    await write(to)
    to.end()
    await finished(to)
    await rename(partial, path)
  } catch (error) {
    to.destroy()
    await rm(partial, { force: true })
    throw error
  }
}
