/** Every resource in a file or a directory of FHIR R4, in order of file name: JSON, NDJSON, XML, each gzipped or not. */
import { isUtf8 } from 'node:buffer'
import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import { chunksOf } from '../../files/file-chunks.ts'
import { regularIn } from '../../files/regular-file.ts'
import { isElement, many, text } from './elements.ts'
import type { Element } from './elements.ts'
import { JsonCutter } from './json-values.ts'
import { XmlReader } from './xml-values.ts'

export interface Found {
  readonly resource: Element
  readonly type: string
  /** of its entry; blank for a resource that stands alone */
  readonly fullUrl: string
  /** one of the versions in a history, the newest first */
  readonly versioned: boolean
  /** the base URL that its entry's name stands under; blank where that names none */
  readonly server: string
  readonly file: string
  readonly line: number
}

/** Something that is not a resource, reported by its place. */
export interface Stray {
  readonly stray: string
  /** a resource that the entry deletes */
  readonly deleted?: string
  /** the entry is of a history */
  readonly versioned?: boolean
  readonly file: string
  readonly line: number
}

export interface FhirFiles {
  readonly read: readonly { readonly path: string; readonly name: string; readonly bytes: number }[]
  /** names of files that are no FHIR by their ending */
  readonly ignored: readonly string[]
}

const fhirName = /\.(json|ndjson|jsonl|xml)(\.gz)?$/i

/** @throws Refusal `missing_directory`, `missing_file` */
export async function fhirFilesAt(path: string): Promise<FhirFiles> {
  const found = await stat(path).catch(() => null)
  if (!found)
    throw new Refusal('missing_directory', `${path} does not exist; give a FHIR file, or a directory of them.`, {
      dir: path,
    })
  // A file that was named by itself is read wherever it lies, so long as it is one.
  if (!found.isDirectory()) return { read: [{ path, name: basename(path), bytes: found.size }], ignored: [] }
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  const names = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(path, '/').length))
    .filter((name) => !basename(name).startsWith('.'))
    .sort()
  const read = names.filter((name) => fhirName.test(name))
  if (read.length === 0)
    throw new Refusal(
      'missing_file',
      `${path} has no FHIR: no file ends in .json, .ndjson or .xml (each may be gzipped).`,
      {
        dir: path,
      },
    )
  return {
    read: await Promise.all(read.map(async (name) => ({ name, ...(await regularIn(path, name)) }))),
    ignored: names.filter((name) => !fhirName.test(name)),
  }
}

/** @param bytesRead called for every chunk, in bytes on disk
 *  @throws Refusal `unreadable_file`, `truncated_file`, naming file and line */
export async function* resourcesIn(
  { path, name }: { readonly path: string; readonly name: string },
  bytesRead?: (bytes: number) => void,
): AsyncGenerator<Found | Stray> {
  const chunks = unmarked(chunksOf(path, name, bytesRead))
  if (/\.xml(\.gz)?$/i.test(name)) yield* fromXml(chunks, name)
  else yield* fromJson(chunks, name)
}

async function* fromJson(chunks: AsyncGenerator<Buffer>, file: string): AsyncGenerator<Found | Stray> {
  const cutter = new JsonCutter(file)
  let bare: (Found | Stray)[] = []
  for await (const chunk of chunks)
    for (const { bytes, line, kind } of cutter.take(chunk)) {
      const element = parsed(bytes, file, line)
      if (kind === 'entry' && !isElement(element.resource) && !isElement(element.request))
        bare.push(...entryOf(element, file, line))
      else if (kind === 'entry') yield* entryOf(element, file, line)
      else {
        // an entry without a resource is part of a List, say; of a Bundle it is worth telling
        if (text(element.resourceType) === 'Bundle') yield* bare
        else yield* oneOf(element, '', false, file, line)
        bare = []
      }
    }
  cutter.end()
}

async function* fromXml(chunks: AsyncGenerator<Buffer>, file: string): AsyncGenerator<Found | Stray> {
  const reader = new XmlReader(file)
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const textOf = (chunk?: Buffer): string => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined })
    } catch {
      throw new Refusal('unreadable_file', `${file} is not UTF-8; save the file as UTF-8.`, { file })
    }
  }
  for await (const chunk of chunks)
    for (const { kind, element, line } of reader.take(textOf(chunk)))
      if (kind === 'entry') yield* entryOf(element, file, line)
      else if (text(element.resourceType) !== 'Bundle') yield* oneOf(element, '', false, file, line)
  textOf()
  reader.end()
}

function* entryOf(entry: Element, file: string, line: number): Generator<Found | Stray> {
  const { method: asked, url } = isElement(entry.request) ? entry.request : {}
  const method = text(asked)
  // what was asked and what was answered stand together in a history alone
  const versioned = method !== '' && isElement(entry.response)
  if (method === 'DELETE')
    yield {
      stray: 'entry that deletes',
      deleted: text(url) || text(entry.fullUrl),
      versioned,
      file,
      line,
    }
  else if (isElement(entry.resource)) {
    const name = text(entry.fullUrl) || (method === 'PUT' ? text(url) : '')
    yield* oneOf(entry.resource, name, versioned, file, line)
  } else yield { stray: 'entry without a resource', file, line }
}

function* oneOf(
  resource: Element,
  fullUrl: string,
  versioned: boolean,
  file: string,
  line: number,
): Generator<Found | Stray> {
  const type = text(resource.resourceType)
  if (type === '')
    yield { stray: /\.xml(\.gz)?$/i.test(file) ? 'XML that is no resource' : 'JSON without a resourceType', file, line }
  else if (type === 'Bundle') for (const entry of many(resource.entry)) yield* entryOf(entry, file, line)
  else {
    if (type === 'Parameters') for (const inner of carriedBy(resource)) yield* oneOf(inner, '', false, file, line)
    yield { resource, type, fullUrl, versioned, server: serverOf(fullUrl), file, line }
  }
}

/** The base URL of a resource's full name. */
export const serverOf = (fullUrl: string): string =>
  /^(https?:\/\/.*?)\/[A-Z][A-Za-z]+\/[^/?#]+(?:\/_history\/[^/]+)?$/.exec(fullUrl)?.[1] ?? ''

/** Resources that the answer of an operation carries. */
const carriedBy = ({ parameter }: Element): Element[] =>
  many(parameter).flatMap((each) => [
    ...(isElement(each.resource) ? [each.resource] : []),
    ...carriedBy({ parameter: each.part }),
  ])

function parsed(bytes: Buffer, file: string, line: number): Element {
  if (!isUtf8(bytes))
    throw new Refusal('unreadable_file', `${file}, line ${line}: not UTF-8; save the file as UTF-8.`, { file, line })
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    if (isElement(value)) return value
  } catch (error) {
    const why = (error as Error).message.replace(/\s+/g, ' ').slice(0, 120)
    throw new Refusal(
      'unreadable_file',
      `${file}, line ${line}: what begins here is not JSON (${why}). Nothing is kept.`,
      {
        file,
        line,
      },
    )
  }
  throw new Refusal('unreadable_file', `${file}, line ${line}: not a resource.`, { file, line })
}

/** The bytes of a file without the mark that some editors put before UTF-8. */
async function* unmarked(chunks: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  let start = true
  for await (const bytes of chunks) {
    const marked = start && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
    start = false
    yield marked ? bytes.subarray(3) : bytes
  }
}
