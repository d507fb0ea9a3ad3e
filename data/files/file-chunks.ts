/** A file's bytes in chunks, gunzipped if it is gzipped, with a limit on the expansion. */
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { Gunzip } from 'node:zlib'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { openRegular } from './regular-file.ts'

const usualChunk = 1 << 20
/** The most that gzip may expand: tables compress ten- or twentyfold, a decompression bomb a thousandfold. */
const mostExpansion = 200
/** Expansion is measured over windows of this many expanded bytes, so that a bomb is not read to its end. */
const windowBytes = 64 << 20

/** @param name what messages call the file
 *  @param bytesRead called for every chunk, in bytes on disk
 *  @param chunkBytes of the file at a time: fewer for who needs its beginning alone
 *  @throws Refusal `unreadable_file`: gzip that is cut off or damaged, or that expands beyond reason;
 *    `not_a_regular_file`, `file_not_readable` */
export async function* chunksOf(
  path: string,
  name: string,
  bytesRead: (bytes: number) => void = () => undefined,
  chunkBytes = usualChunk,
): AsyncGenerator<Buffer> {
  const file = (await openRegular(path, name)).createReadStream({ highWaterMark: chunkBytes })
  file.on('data', (chunk) => bytesRead(chunk.length))
  const gunzip = /\.gz$/i.test(path) ? gunzipped(file) : null
  try {
    let expanded = 0
    let compressed = 0
    for await (const chunk of gunzip ?? file) {
      expanded += (chunk as Buffer).length
      if (gunzip && expanded > windowBytes) {
        // compressed bytes that zlib has consumed
        if (expanded > mostExpansion * (gunzip.bytesWritten - compressed)) throw bomb(name)
        compressed = gunzip.bytesWritten
        expanded = 0
      }
      yield chunk as Buffer
    }
  } catch (error) {
    const code = (error as { code?: string }).code ?? ''
    if (!code.startsWith('Z_')) throw error
    throw new Refusal(
      'unreadable_file',
      `${name} is not a whole gzip file (${(error as Error).message}); it was probably cut off in transfer. Send it again.`,
      { file: name },
    )
  } finally {
    file.destroy()
  }
}

const bomb = (name: string): Refusal =>
  new Refusal(
    'unreadable_file',
    `${name} expands, in part at least, to more than ${mostExpansion} times its size, which no file of ours does; send it without compression.`,
    { file: name },
  )

function gunzipped(file: Readable): Gunzip {
  const gunzip = createGunzip({ chunkSize: usualChunk })
  file.on('error', (error) => gunzip.destroy(error))
  file.pipe(gunzip)
  return gunzip
}
