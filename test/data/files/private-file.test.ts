/** Files about persons: for the account that wrote them alone, whatever lay there before; whole, or not there; and told in a sentence. */
import { execFileSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { fileFaultOf } from '../../../data/files/file-fault.ts'
import { makePrivateDirectory, writePrivateFile } from '../../../data/files/private-file.ts'

const place = await mkdtemp(join(tmpdir(), 'winst-private-'))
afterAll(() => rm(place, { recursive: true, force: true }))

const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8)
const textTo = (text: string) => (path: string) => writePrivateFile(path, async (to) => to.write(text))
const write = textTo('p01,61\n')

describe('a file', () => {
  test('is readable by its owner alone, under any umask and over a file that everybody could read', async () => {
    const path = join(place, 'expectations.csv')
    for (const mask of [0o000, 0o022, 0o077]) {
      await writeFile(path, 'old')
      await chmod(path, 0o666)
      const before = process.umask(mask)
      try {
        await write(path)
      } finally {
        process.umask(before)
      }
      expect(await modeOf(path), mask.toString(8)).toBe('600')
      expect(await readFile(path, 'utf8')).toBe('p01,61\n')
    }
  })

  test('takes the place of a link and leaves alone what that led to', async () => {
    await writeFile(join(place, 'elsewhere'), 'untouched')
    await symlink(join(place, 'elsewhere'), join(place, 'link.csv'))
    await write(join(place, 'link.csv'))
    expect(await readFile(join(place, 'elsewhere'), 'utf8')).toBe('untouched')
    expect(await readFile(join(place, 'link.csv'), 'utf8')).toBe('p01,61\n')
  })

  test('written by two at once is that of one of them', async () => {
    const path = join(place, 'both.csv')
    const texts = ['a', 'b'].map((letter) => letter.repeat(1 << 20))
    await Promise.all(texts.map((text) => textTo(text)(path)))
    expect(texts).toContain(await readFile(path, 'utf8'))
  })

  test('a directory in its place is told in a sentence, and nothing half written is left', async () => {
    const path = join(place, 'taken', 'settlement.json')
    await mkdir(path, { recursive: true })
    await expect(write(path)).rejects.toMatchObject({
      code: 'not_writable',
      message: `${path} cannot be written: a directory lies there; name another path, or move it away.`,
    })
    expect(await readdir(join(place, 'taken'))).toEqual(['settlement.json'])
  })

  test('what goes wrong while its rows are still read is told, and does not end the process', async () => {
    const path = join(place, 'nowhere', 'expectations.csv')
    const slow = writePrivateFile(path, async (to) => {
      await new Promise((resolve) => setTimeout(resolve, 50))
      to.write('row')
    })
    await expect(slow).rejects.toMatchObject({ code: 'not_writable' })
  })

  test('a full disk is told in a sentence', async () => {
    // Every write to it is refused as a full disk refuses it.
    const full = { write: () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOSPC', syscall: 'write' })) }
    const path = join(place, 'full.csv')
    await expect(writePrivateFile(path, full.write)).rejects.toMatchObject({
      code: 'disk_full',
      message: `${path} cannot be written: the disk is full. Make room and give the same command again; nothing half written is kept.`,
    })
    expect((await readdir(place)).filter((name) => name.startsWith('full.csv'))).toEqual([])
  })

  test('an error that is none of its own is handed on as it is', async () => {
    const own = new Error('a query failed')
    await expect(writePrivateFile(join(place, 'x'), () => Promise.reject(own))).rejects.toBe(own)
    expect(fileFaultOf(own)).toBeNull()
  })

  test('what a killed process left half written goes with the next one', async () => {
    const { pid } = await ended()
    await writeFile(join(place, `left.csv.${pid}.0123abcd.partial`), 'half')
    await writeFile(join(place, `left.csv.${process.pid}.0123abcd.partial`), 'at work')
    await write(join(place, 'left.csv'))
    expect((await readdir(place)).filter((name) => name.startsWith('left.csv')).sort()).toEqual([
      'left.csv',
      `left.csv.${process.pid}.0123abcd.partial`,
    ])
  })
})

describe('a directory', () => {
  test('that is made is for its owner alone; one that was there keeps its mode', async () => {
    await makePrivateDirectory(join(place, 'new', 'inner'))
    expect([await modeOf(join(place, 'new')), await modeOf(join(place, 'new', 'inner'))]).toEqual(['700', '700'])
    await mkdir(join(place, 'shared'), { mode: 0o755 })
    await chmod(join(place, 'shared'), 0o755)
    await makePrivateDirectory(join(place, 'shared'))
    expect(await modeOf(join(place, 'shared'))).toBe('755')
  })

  test('that cannot be made is told in a sentence', async () => {
    await writeFile(join(place, 'file'), '')
    await expect(makePrivateDirectory(join(place, 'file', 'out'))).rejects.toMatchObject({ code: 'not_writable' })
  })
})

/** A process that is over. */
async function ended(): Promise<{ pid: string }> {
  return { pid: execFileSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' }).trim() }
}
