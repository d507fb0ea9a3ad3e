/** What is read of a dataset: regular files that lie in it, as UTF-8; anything else is refused by its kind, without waiting for it. */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { importDataset } from '../../../data/import/import.ts'
import { importConverted } from '../../../data/interchange/convert.ts'
import { firstBadByte, readText, textOf } from '../../../data/files/text-file.ts'
import { readContractFile } from '../../../data/region/contract-file.ts'
import { loadProgrammes } from '../../../data/region/programme-files.ts'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import { dataset, removeDatasets } from '../../support/regions/dataset.ts'
import { liveStore } from '../../support/services/live.ts'

const store = await liveStore()
const place = await mkdtemp(join(tmpdir(), 'winst-odd-'))
const servers: { close(): void }[] = []
afterAll(async () => {
  for (const server of servers) server.close()
  await store.close()
  await removeDatasets()
  await rm(place, { recursive: true, force: true })
})

const secret = 'nobody may read this line'
await writeFile(join(place, 'secret'), `${secret}\n`)

/** What may lie where a file is wanted. */
const odd: Readonly<Record<string, (path: string) => unknown>> = {
  pipe: (path) => execFileSync('mkfifo', [path]),
  socket: async (path) => {
    const server = createServer().listen(path)
    servers.push(server)
    await once(server, 'listening')
  },
  directory: (path) => mkdir(path),
}
const kinds = Object.keys(odd)

const refusalOf = async (work: Promise<unknown>): Promise<Refusal> => {
  const error = await work.then(
    () => new Error('it was not refused'),
    (caught: unknown) => caught,
  )
  expect(error).toBeInstanceOf(Refusal)
  return error as Refusal
}
const importing = (dir: string) =>
  importDataset(store, { dir, region: 'odd', rejectsPath: join(place, 'out', 'rejects.csv') })
const converting = (format: 'fhir' | 'omop' | 'his', dir: string) =>
  importConverted(store, format, { dir, region: 'odd', rejectsPath: join(place, 'out', 'rejects.csv') })

describe('a dataset', { timeout: 20_000 }, () => {
  test.each(kinds)('with a %s in place of a table is refused by kind', async (kind) => {
    const dir = await dataset({ 'observations.csv': null })
    await odd[kind]!(join(dir, 'observations.csv'))
    const { code, message } = await refusalOf(importing(dir))
    expect([code, message]).toEqual(['not_a_regular_file', `observations.csv is a ${kind}; a regular file is wanted.`])
  })

  test.each(kinds)('with a %s in place of a programme or of its folder', async (kind) => {
    const dir = await dataset({ 'programmes/own.yaml': '' })
    await rm(join(dir, 'programmes/own.yaml'))
    await odd[kind]!(join(dir, 'programmes/own.yaml'))
    expect((await refusalOf(importing(dir))).code).toBe('not_a_regular_file')
    if (kind === 'directory') return
    const other = await dataset()
    await odd[kind]!(join(other, 'programmes'))
    expect((await refusalOf(importing(other))).message).toMatch(/programmes is not a directory; put YAML files/)
  })

  test.each(kinds)('with a %s in a source of another format, or beside it', async (kind) => {
    for (const [format, name] of [
      ['fhir', 'a.json'],
      ['omop', 'PERSON.csv'],
      ['his', 'extract.csv'],
      ['his', 'extract.yaml'],
      ['fhir', 'mapping.yaml'],
      ['fhir', 'quality.csv'],
    ] as const) {
      const dir = await mkdtemp(join(place, 'source-'))
      await writeFile(join(dir, 'other.csv'), 'x\n')
      await writeFile(join(dir, 'other.json'), '{}')
      await odd[kind]!(join(dir, name))
      // A folder among FHIR files or OMOP tables is looked into, as it always was.
      const into = kind === 'directory' && /^(a\.json|PERSON\.csv)$/.test(name)
      const { code } = await refusalOf(converting(format, dir))
      if (!into) expect(code, `${format} ${name}`).toBe('not_a_regular_file')
    }
  })

  test('a link that leads out of it is refused, and nothing of what it leads to is repeated', async () => {
    for (const [name, to] of [
      ['partners.csv', join(place, 'secret')],
      ['observations.csv', '/dev/zero'],
      ['patients.csv', '../../../../etc/passwd'],
      ['programmes/own.yaml', join(place, 'secret')],
      ['programmes', place],
    ] as const) {
      const dir = await dataset({ 'programmes/own.yaml': '' })
      await rm(join(dir, name), { recursive: true, force: true })
      await symlink(to, join(dir, name))
      if (to === place) await writeFile(join(place, 'own.yaml'), secret)
      const { code, message, facts } = await refusalOf(importing(dir))
      expect(code, name).toBe('outside_dataset')
      expect(`${message} ${JSON.stringify(facts)}`).not.toContain(secret)
      expect(message).not.toContain('root:')
    }
  })

  test('a link within it is read', async () => {
    const dir = await dataset()
    await rename(join(dir, 'partners.csv'), join(dir, 'partners-2025.csv'))
    await symlink('partners-2025.csv', join(dir, 'partners.csv'))
    expect((await importing(dir)).imported).toBe(true)
  })
})

describe('a contract', { timeout: 20_000 }, () => {
  test.each(kinds)('in a %s is refused by kind', async (kind) => {
    const path = join(place, `contract-${kind}.yaml`)
    await odd[kind]!(path)
    const { code, message } = await refusalOf(readContractFile(path, await loadProgrammes()))
    expect([code, message]).toEqual(['not_a_regular_file', `${path} is a ${kind}; a regular file is wanted.`])
  })

  test('that is not UTF-8 is refused with the offset of the first wrong byte', async () => {
    const path = join(place, 'latin1.yaml')
    await writeFile(path, Buffer.from('contract: zz-dm2\ntitle: Patiënten\n', 'latin1'))
    const { code, message, facts } = await refusalOf(readContractFile(path, await loadProgrammes()))
    expect([code, facts.offset]).toEqual(['unreadable_file', 28])
    expect(message).toBe(`${path}, byte 28: not UTF-8; save the file as UTF-8.`)
  })
})

describe('UTF-8', () => {
  test('is read with or without a byte order mark', async () => {
    await writeFile(join(place, 'marked'), '\uFEFFé: ✓ 𝔸\n')
    expect(await readText(join(place, 'marked'))).toBe('é: ✓ 𝔸\n')
  })

  test('the first byte that is wrong is found, wherever it stands', () => {
    for (const [bytes, offset] of [
      [[0x61, 0xff], 1],
      [[0xc3, 0xa9, 0xc3], 2],
      [[0x61, 0xe2, 0x82, 0x28], 1],
      [[0xf0, 0x9f, 0x98, 0x80, 0x80], 4],
      [[0xed, 0xa0, 0x80], 0],
      [[0xc0, 0x80], 0],
      [[0x61, 0x62], 2],
    ] as const)
      expect(firstBadByte(Uint8Array.from(bytes))).toBe(offset)
    expect(() => textOf(Uint8Array.of(0x61, 0x80), 'a.yaml')).toThrow('a.yaml, byte 1: not UTF-8')
  })

  test('a table that is not is refused with line and byte, far into the file too', async () => {
    const row = 'a,hba1c,2024-01-10,58,mmol/mol\n'
    const head = `patient_id,measure,observed_on,value,unit\n${row.repeat(40_000)}`
    const dir = await dataset({ 'observations.csv': Buffer.concat([Buffer.from(head), Buffer.from('é\n', 'latin1')]) })
    const { message, facts } = await refusalOf(importing(dir))
    expect(message).toContain('observations.csv, line 40002: not UTF-8')
    expect(facts).toMatchObject({ line: 40_002, offset: head.length })
  })
})
