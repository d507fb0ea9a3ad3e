/** A delivery as it comes in: streamed to a private directory and hashed on the way, before anything else is done. */
import { createHash, randomUUID, type Hash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import multipart from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { fileFaultOf } from '../../data/files/file-fault.ts'
import { PRIVATE_FILE } from '../../data/files/private-file.ts'
import { safeParts } from '../../data/upload/names.ts'
import { openIncoming } from '../../data/upload/place.ts'
import { canonicalJson } from '../../engine/kernel/canonical.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'

export interface Incoming {
  readonly dir: string
  readonly kind: 'zip' | 'tar' | 'files'
  readonly contentSha256: string
}

declare module 'fastify' {
  interface FastifyRequest {
    /** what was uploaded with this request */
    incoming: Incoming | null
  }
}

/** Bytes of one upload, at most: ten times the largest region's. */
const MOST_BYTES = 16 * 2 ** 30
const MOST_FILES = 1_000

const KINDS: Readonly<Record<string, 'zip' | 'tar'>> = {
  'application/zip': 'zip',
  'application/x-tar': 'tar',
  'application/gzip': 'tar',
}
export const ARCHIVE_TYPES = Object.keys(KINDS)

/** For the routes beside it alone: archives and forms are left unread by the parsers, and read by `receive`. */
export const incoming = fp(
  async (app) => {
    app.decorateRequest('incoming', null)
    app.addContentTypeParser(ARCHIVE_TYPES, (_request, _payload, done) => done(null, undefined))
    await app.register(multipart, { limits: { files: MOST_FILES, fileSize: MOST_BYTES, fields: 0 } })
    // What is left of an upload that was refused, or was not taken over by a job.
    app.addHook('onResponse', async (request) => {
      if (request.incoming) await rm(request.incoming.dir, { recursive: true, force: true })
    })
  },
  { name: 'incoming' },
)

/** Reads the upload of a request to its end.
 *  @throws Refusal `not_available`, `body_too_large`, `unreadable_body`, `disk_full` */
export async function receive(request: FastifyRequest): Promise<void> {
  const { uploads } = request.server
  if (uploads === null)
    throw new Refusal('not_available', 'This service takes no uploads: it was started without a directory for them.')
  const dir = await openIncoming(uploads, randomUUID())
  try {
    const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
    const kind = KINDS[type] ?? 'files'
    const contentSha256 = kind === 'files' ? await receiveFiles(request, dir) : await receiveArchive(request, dir)
    request.incoming = { dir, kind, contentSha256 }
  } catch (error) {
    await rm(dir, { recursive: true, force: true })
    throw formFaultOf(error) ?? fileFaultOf(error, 'what is uploaded') ?? error
  }
}

/** What the reader of forms objects to, which it says in errors without a status. */
const formFaultOf = (error: unknown): Refusal | null =>
  error instanceof Error && /multipart/i.test(error.message)
    ? new Refusal(
        'unreadable_body',
        'The body is no form, as its content type says: its boundary is missing, or it breaks off.',
      )
    : null

async function receiveArchive({ raw }: FastifyRequest, dir: string): Promise<string> {
  const hash = createHash('sha256')
  const bytes = await written(raw, join(dir, 'archive'), hash)
  if (bytes === 0) throw new Refusal('unreadable_body', 'The body is empty; an archive of a delivery is wanted.')
  return hash.digest('hex')
}

async function receiveFiles(request: FastifyRequest, dir: string): Promise<string> {
  const hashes = new Map<string, string>()
  for await (const { filename, file } of request.files()) {
    const [name = ''] = safeParts(filename)
    if (hashes.has(name))
      throw new Refusal('unreadable_body', 'A form has each file once; put folders into an archive.')
    const hash = createHash('sha256')
    await written(file, join(dir, 'files', name), hash)
    hashes.set(name, hash.digest('hex'))
  }
  if (hashes.size === 0)
    throw new Refusal(
      'unreadable_body',
      'The form holds no file; send the files of the delivery, each as a part with its name.',
    )
  return createHash('sha256')
    .update(canonicalJson(Object.fromEntries(hashes)))
    .digest('hex')
}

async function written(from: Readable, path: string, hash: Hash): Promise<number> {
  let bytes = 0
  async function* counted() {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > MOST_BYTES)
        throw new Refusal('body_too_large', 'The upload is longer than 16 GB; no delivery is as long.')
      hash.update(chunk)
      yield chunk
    }
  }
  await pipeline(Readable.from(counted()), createWriteStream(path, { mode: PRIVATE_FILE, flags: 'wx' }))
  return bytes
}
