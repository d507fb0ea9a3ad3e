/** What the command line says of a failure: a refusal's sentence, and of a bug nothing that the program held. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { resolve } from 'node:path'
import { beforeAll, expect, test } from 'vitest'

interface Said {
  readonly stdout: string
  readonly stderr: string
}

const known = 'p4711 of 5 May'
const script = resolve(import.meta.dirname, '../../support/processes/fail-in-child.ts')

/** What is said of each kind of failure. */
async function failed(debug: string, ...more: readonly string[]): Promise<(kind: string) => Said> {
  const env = { ...process.env, WINST_DEBUG: debug }
  const said = await promisify(execFile)(process.execPath, ['--import', 'tsx', script, known, ...more], { env })
  const under = (text: string, kind: string) => text.split(`\n# ${kind}\n`)[1]?.split('\n# ')[0] ?? ''
  return (kind) => ({ stdout: under(said.stdout, kind), stderr: under(said.stderr, kind) })
}

let [plain, asDocument, debugged]: ((kind: string) => Said)[] = []
beforeAll(async () => {
  ;[plain, asDocument, debugged] = await Promise.all([failed('0'), failed('', '--json'), failed('1')])
}, 60_000)

test('a refusal says what it says, and as a document its code and facts too', () => {
  expect(plain!('refusal')).toEqual({ stdout: '', stderr: `winst: There is no contract ${known}.\n` })
  expect(JSON.parse(asDocument!('refusal').stdout)).toEqual({
    error: { code: 'unknown_contract', message: `There is no contract ${known}.`, facts: { contract: known } },
  })
})

test.each([
  ['bug', 'internal'],
  ['text', 'internal'],
  ['run', 'job_failed'],
])('of a %s: one line, that leads further, and nothing of its own', (kind, code) => {
  const { stdout, stderr } = asDocument!(kind)
  expect(plain!(kind)).toEqual({ stdout: '', stderr })
  expect(stderr).toMatch(/^winst: .*program.*WINST_DEBUG=1.*\n$/)
  expect(JSON.parse(stdout)).toMatchObject({ error: { code } })
  expect(stdout + stderr).not.toMatch(/p4711|Cannot read|\bat \S+:\d+/)
})

test('with WINST_DEBUG its place and cause are printed', () => {
  for (const kind of ['bug', 'run', 'text']) expect(debugged!(kind).stderr, kind).toContain(known)
  expect(debugged!('bug').stderr).toMatch(/\bat .*fail-in-child\.ts:\d+/)
  expect(debugged!('bug').stderr).toContain('what was behind it')
})
