/** Where uploads lie: a private directory each, below one that the API and the workers share. */
import { createHash } from 'node:crypto'
import { readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { canonicalJson } from '../../engine/kernel/canonical.ts'
import { makePrivateDirectory } from '../files/private-file.ts'

/** How what was uploaded is to be read, and whose it is: with the content, the id of the job. */
export interface UploadOrder {
  readonly region: string
  readonly format: string
  readonly delivered: string | null
  readonly maxRejects: number | null
  readonly pseudonymise: boolean
}

/** How long what is left of an upload is kept: the rejects of one that was refused, say. */
const KEEP_MS = 7 * 86_400_000

/** The id of an upload: the same files under the same choices are the same delivery. */
export const uploadIdOf = (contentSha256: string, order: UploadOrder): string =>
  createHash('sha256')
    .update(canonicalJson({ flow: 'import', contentSha256, ...order }))
    .digest('hex')

/** The parts of an upload's directory. */
export const placesIn = (uploads: string, id: string) => {
  const home = join(uploads, id)
  return { home, archive: join(home, 'archive'), files: join(home, 'files'), out: join(home, 'out') }
}

/** Puts an upload that came in whole where its job looks for it, and removes what is left of old ones. */
export async function settleUpload(uploads: string, incoming: string, id: string): Promise<void> {
  const { home } = placesIn(uploads, id)
  await rm(home, { recursive: true, force: true })
  await rename(incoming, home)
  for (const name of await readdir(uploads)) {
    const path = join(uploads, name)
    const found = await stat(path).catch(() => null)
    if (found && found.mtimeMs < Date.now() - KEEP_MS) await rm(path, { recursive: true, force: true })
  }
}

/** A private directory for what is coming in. */
export async function openIncoming(uploads: string, id: string): Promise<string> {
  const dir = join(uploads, `incoming-${id}`)
  await makePrivateDirectory(join(dir, 'files'))
  return dir
}

/** Removes the files of an upload; what the import wrote stays. */
export async function removeFiles(uploads: string, id: string): Promise<void> {
  const { archive, files } = placesIn(uploads, id)
  await rm(archive, { force: true })
  await rm(files, { recursive: true, force: true })
}
