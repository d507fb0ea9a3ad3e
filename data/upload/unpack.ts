/** An uploaded archive as files in a directory, bounded in number and in bytes. */
import { createReadStream, createWriteStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { makePrivateDirectory, PRIVATE_FILE } from '../files/private-file.ts'
import { ZipArchive } from '../interchange/tabular/zip-archive.ts'
import { safeParts } from './names.ts'
import { tarEntries } from './tar.ts'

export type ArchiveKind = 'zip' | 'tar'

/** Enough for the largest region's files ten times over. */
const MOST_FILES = 10_000
const MOST_BYTES = 64 * 2 ** 30

/** Takes the files of an archive out into a directory.
 *  @returns the directory that holds them: its only folder, where the archive is of one folder
 *  @throws Refusal `unreadable_file`, `disk_full`, `not_writable` */
export async function unpack(archive: string, kind: ArchiveKind, dir: string): Promise<string> {
  await makePrivateDirectory(dir)
  const bounds = { files: 0, bytes: 0 }
  if (kind === 'tar') {
    for await (const { name, content } of tarEntries(await plainBytes(archive)))
      if (content) await take(dir, name, content, bounds)
  } else {
    const zip = await ZipArchive.open(archive, 'the archive')
    try {
      for (const name of zip.names()) if (!name.endsWith('/')) await take(dir, name, zip.read(name), bounds)
    } finally {
      await zip.close()
    }
  }
  if (bounds.files === 0)
    throw new Refusal('unreadable_file', 'The archive holds no file; put the files of the delivery into it.')
  const [only, ...others] = await readdir(dir, { withFileTypes: true })
  return only?.isDirectory() && others.length === 0 ? join(dir, only.name) : dir
}

async function take(
  dir: string,
  name: string,
  content: AsyncIterable<Buffer>,
  bounds: { files: number; bytes: number },
): Promise<void> {
  // What a Macintosh adds of its own.
  if (name.startsWith('__MACOSX/') || /(^|\/)\._/.test(name) || name.endsWith('.DS_Store')) return
  if (++bounds.files > MOST_FILES)
    throw new Refusal('unreadable_file', `The archive holds more than ${MOST_FILES} files; no delivery has as many.`)
  const path = join(dir, ...safeParts(name))
  await makePrivateDirectory(dirname(path))
  async function* counted() {
    for await (const chunk of content) {
      bounds.bytes += chunk.length
      if (bounds.bytes > MOST_BYTES)
        throw new Refusal('unreadable_file', 'The archive expands to more than 64 GB; no delivery is as long.')
      yield chunk
    }
  }
  // Two files of one name are no delivery: the second is refused by the file system.
  await pipeline(Readable.from(counted()), createWriteStream(path, { mode: PRIVATE_FILE, flags: 'wx' })).catch(
    (error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      throw new Refusal('two_files', 'The archive holds a file twice; keep one of them.')
    },
  )
}

/** The bytes of a tar archive, gunzipped where it is a .tar.gz. */
async function plainBytes(archive: string): Promise<AsyncIterable<Buffer>> {
  const file = createReadStream(archive)
  const head = await new Promise<Buffer>((resolve, reject) => {
    const first = createReadStream(archive, { end: 1 })
    first.once('data', (chunk) => resolve(Buffer.from(chunk)))
    first.once('end', () => resolve(Buffer.alloc(0)))
    first.once('error', reject)
  })
  if (head.toString('hex') !== '1f8b') return file
  const plain = createGunzip()
  pipeline(file, plain).catch((error: Error) => plain.destroy(error))
  return plain
}
