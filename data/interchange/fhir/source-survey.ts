/** What a source says of its own resources before any is read: whose servers they are of, and which are replaced by a later version. */
import { first, isVoid, text } from './elements.ts'
import { resourcesIn, serverOf } from './resources.ts'
import type { FhirFiles, Found, Stray } from './resources.ts'

export interface SourceSurvey {
  /** base URLs that resources stand under, in order of code units; blank: of those that name none */
  readonly servers: readonly string[]
  /** resources, by their place in the source from 0, that a later version replaces, takes back or deletes */
  readonly replaced: ReadonlySet<number>
}

/** One occurrence of a resource. */
interface Occurrence {
  readonly server: string
  readonly place: number
  readonly file: string
  readonly versionId: string
  readonly updated: string
  readonly status: string
  readonly deleted: boolean
  readonly versioned: boolean
}

/** Reads a source once for the ids that come again, and once more for those where there are any: memory grows with repetitions only. */
export async function surveySource({ read: files }: FhirFiles): Promise<SourceSurvey> {
  const servers = new Set<string>()
  const ids = new RepeatedKeys(files.reduce((sum, { bytes }) => sum + bytes, 0))
  await eachOf(files, (found) => {
    if (!('stray' in found)) servers.add(found.server)
    const key = keyOf(found)
    if (key !== '') ids.add(key)
  })
  const named = [...servers].filter((server) => server !== '')
  const replaced = new Set<number>()
  if (ids.repeated.size > 0) {
    const occurrences = new Map<string, Occurrence[]>()
    await eachOf(files, (found, place) => {
      const key = keyOf(found)
      if (!ids.repeated.has(key)) return
      const all = occurrences.get(key)
      if (all) all.push(occurrenceOf(found, place))
      else occurrences.set(key, [occurrenceOf(found, place)])
    })
    for (const all of occurrences.values())
      for (const ofServer of byServer(all, named)) for (const place of replacedAmong(ofServer)) replaced.add(place)
  }
  return { servers: [...servers].sort(), replaced }
}

async function eachOf(files: FhirFiles['read'], see: (found: Found | Stray, place: number) => void): Promise<void> {
  let place = 0
  for (const file of files) for await (const found of resourcesIn(file)) see(found, place++)
}

/** What a resource is, but for its server: its kind and id; blank where it has no id. */
function keyOf(found: Found | Stray): string {
  if ('stray' in found) return found.deleted === undefined ? '' : deletedKey(found.deleted)
  const id = text(found.resource.id)
  return id === '' ? '' : `${found.type}/${id}`
}

function deletedKey(url: string): string {
  const parts = /^(?:(https?:\/\/.*?)\/)?([A-Z][A-Za-z]+\/[^/?#]+)(?:\/_history(?:\/[^/]*)?)?$/.exec(url)
  return parts?.[2] ?? ''
}

function occurrenceOf(found: Found | Stray, place: number): Occurrence {
  if ('stray' in found)
    return {
      server: serverOf(found.deleted ?? ''),
      place,
      file: found.file,
      versionId: '',
      updated: '',
      status: '',
      deleted: true,
      versioned: found.versioned ?? false,
    }
  const meta = first(found.resource.meta)
  return {
    server: found.server,
    place,
    file: found.file,
    versionId: text(meta.versionId),
    updated: text(meta.lastUpdated),
    status: text(found.resource.status),
    deleted: false,
    versioned: found.versioned,
  }
}

/** Of one kind and id: the resources of each server. Where one server alone is named, whatever names none is its own. */
function byServer(all: readonly Occurrence[], named: readonly string[]): Occurrence[][] {
  const groups = new Map<string, Occurrence[]>()
  for (const each of all) {
    const server = named.length === 1 ? '' : each.server
    groups.set(server, [...(groups.get(server) ?? []), each])
  }
  return [...groups.values()]
}

/** The places of those that another replaces. */
function replacedAmong(all: readonly Occurrence[]): number[] {
  const replaced: number[] = []
  let held: Occurrence[] = []
  for (const later of all) {
    const last = held.at(-1)
    const order = last === undefined ? 'same' : orderOf(last, later)
    if (order === 'earlier') replaced.push(later.place)
    else if (order === 'same') held.push(later)
    else {
      replaced.push(...held.map(({ place }) => place))
      held = [later]
    }
  }
  return replaced
}

/** Which of two tellings of one resource holds, the later in the source or the earlier; same where neither says that it is a version. */
function orderOf(held: Occurrence, later: Occurrence): 'later' | 'earlier' | 'same' {
  // within a history the newest stands first, which the reader relies on
  if (held.versioned && later.versioned && held.file === later.file) return 'same'
  if (/^\d+$/.test(held.versionId) && /^\d+$/.test(later.versionId) && held.versionId !== later.versionId)
    return Number(later.versionId) > Number(held.versionId) ? 'later' : 'earlier'
  const [before, after] = [Date.parse(held.updated), Date.parse(later.updated)]
  if (Number.isFinite(before) && Number.isFinite(after) && before !== after) return after > before ? 'later' : 'earlier'
  const corrects = later.deleted || isVoid(later.status) || correcting.includes(later.status)
  return corrects && later.status !== held.status ? 'later' : 'same'
}

const correcting = ['amended', 'corrected', 'cancelled']

const bytesPerResource = 400
const bitsPerKey = 16
const mostBits = 2 ** 30

/** Keys that came before: those that a Bloom filter suspects. A false suspicion costs a few bytes and no fact. */
class RepeatedKeys {
  readonly repeated = new Set<string>()
  private readonly words: Uint32Array
  private readonly bits: number

  constructor(bytes: number) {
    this.bits = Math.min(
      mostBits,
      2 ** Math.ceil(Math.log2(Math.max(2 ** 16, (bytes / bytesPerResource) * bitsPerKey))),
    )
    this.words = new Uint32Array(this.bits / 32)
  }

  add(key: string): void {
    let a = 0x811c9dc5
    let b = 0x9747b28c
    for (let at = 0; at < key.length; at++) {
      const code = key.charCodeAt(at)
      a = Math.imul(a ^ code, 0x01000193)
      b = Math.imul((b << 5) ^ (b >>> 27) ^ code, 0x9e3779b1)
    }
    a ^= a >>> 15
    let missing = 0
    for (let k = 1; k <= 4; k++) {
      const bit = (a + Math.imul(k, b | 1)) >>> 0
      const at = bit % this.bits
      const flag = 1 << (at & 31)
      const word = this.words[at >>> 5]!
      missing |= ~word & flag
      this.words[at >>> 5] = word | flag
    }
    if (missing === 0) this.repeated.add(key)
  }
}
