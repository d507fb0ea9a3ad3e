/** `npm run bench:scale -- --patients 100000 [--peer peer.py [--python /usr/bin/python3]]`: the whole of `winst run` on a generated region and on one of twice the patients, on an embedded
 *  PostgreSQL of its own; beside it, in the same session and on the rows that the import accepted, the program that an analyst would use instead. Linux
 *  only: what processes take is read from /proc. The peer is called as `PYTHON PEER DATA OUT --model hgb --crossfit 5`. */
import { spawn } from 'node:child_process'
import { createReadStream, createWriteStream } from 'node:fs'
import { chmod, cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { generateRegion } from '../data/synthetic/generate.ts'

const { values } = parseArgs({
  options: {
    patients: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    peer: { type: 'string' },
    /** what runs the peer: a Python that has what it imports */
    python: { type: 'string', default: 'python3' },
    /** leaves the region of twice the size out */
    once: { type: 'boolean', default: false },
  },
})
const out = (line: string) => process.stdout.write(`${line}\n`)
const ticksPerSecond = 100

interface Taken {
  readonly seconds: number
  /** user and system, of all processes, and of those of PostgreSQL */
  readonly cpu: number
  readonly server: number
  /** MB of the largest process of either kind */
  readonly peak: number
  readonly serverPeak: number
}

/** Runs a command to its end; sees it, its children and the server under `home`, four times a second.
 *  @throws where the command fails, with the end of what it said */
async function taken(command: string, args: readonly string[], home: string): Promise<Taken> {
  const started = performance.now()
  const child = spawn(command, args, {
    env: { ...environment(), WINST_HOME: home },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (text: Buffer) => (said = (said + text.toString()).slice(-2000)))
  const uses = new Map<number, ProcessUse>()
  const timer = setInterval(() => void look(uses, child.pid!, home), 250)
  const [code] = (await once(child, 'close')) as [number | null]
  clearInterval(timer)
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}: ${said}`)
  const of = (isServer: boolean) => [...uses.values()].filter((each) => each.isServer === isServer)
  const sum = (all: readonly ProcessUse[]) => all.reduce((total, { ticks }) => total + ticks, 0) / ticksPerSecond
  const most = (all: readonly ProcessUse[]) => Math.round(Math.max(0, ...all.map(({ kilobytes }) => kilobytes)) / 1024)
  return {
    seconds: (performance.now() - started) / 1000,
    cpu: sum([...uses.values()]),
    server: sum(of(true)),
    peak: most(of(false)),
    serverPeak: most(of(true)),
  }
}

function environment(): NodeJS.ProcessEnv {
  const { DATABASE_URL: _database, REDIS_URL: _redis, ...rest } = process.env
  return rest
}

interface ProcessUse {
  readonly isServer: boolean
  readonly ticks: number
  readonly kilobytes: number
}

/** What the processes of the tree under `root`, and of the server of `home`, have taken so far. */
async function look(uses: Map<number, ProcessUse>, root: number, home: string): Promise<void> {
  const parents = new Map<number, number>()
  const found = new Map<number, { ticks: number; kilobytes: number; server: boolean }>()
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const text = (file: string) => readFile(`/proc/${name}/${file}`, 'utf8').catch(() => '')
    const [stat, status, line] = await Promise.all([text('stat'), text('status'), text('cmdline')])
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields.length < 15) continue
    parents.set(Number(name), Number(fields[1]))
    found.set(Number(name), {
      ticks: Number(fields[11]) + Number(fields[12]),
      kilobytes: Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0),
      server: line.includes(home) && line.includes('postgres'),
    })
  }
  const under = (pid: number, is: (pid: number) => boolean): boolean =>
    is(pid) || (parents.has(pid) && under(parents.get(pid)!, is))
  for (const [pid, { ticks, kilobytes }] of found) {
    const isServer = under(pid, (each) => found.get(each)?.server === true)
    if (!isServer && !under(pid, (each) => each === root)) continue
    // a process that has just ended tells no memory any more
    uses.set(pid, { isServer, ticks, kilobytes: Math.max(kilobytes, uses.get(pid)?.kilobytes ?? 0) })
  }
}

/** The region as the import took it: without the rejected observations, and HbA1c in one unit. */
async function accepted(region: string, rejects: string, to: string): Promise<string> {
  await cp(region, to, { recursive: true, filter: (path) => !path.endsWith('observations.csv') })
  const left = new Set<number>()
  for await (const line of createInterface({ input: createReadStream(rejects) })) {
    const [file, at] = line.split(',')
    if (file === 'observations.csv') left.add(Number(at))
  }
  const copy = createWriteStream(join(to, 'observations.csv'))
  let at = 0
  let columns: string[] = []
  for await (const line of createInterface({ input: createReadStream(join(region, 'observations.csv')) })) {
    at++
    if (at === 1) columns = line.split(',')
    const cells = line.split(',')
    const [value, unit] = [columns.indexOf('value'), columns.indexOf('unit')]
    if (at > 1 && cells[unit] === '%') {
      cells[value] = String(Math.round(10.93 * Number(cells[value]) - 23.5))
      cells[unit] = 'mmol/mol'
    }
    if (!left.has(at) && !copy.write(`${cells.join(',')}\n`)) await once(copy, 'drain')
  }
  copy.end()
  await once(copy, 'finish')
  return to
}

const row = (what: string, { seconds, cpu, server, peak, serverPeak }: Taken) =>
  `| ${what} | ${seconds.toFixed(1)} | ${cpu.toFixed(1)} | ${server.toFixed(1)} | ${peak} | ${serverPeak} |`

const place = await mkdtemp(join(tmpdir(), 'winst-scale-'))
// as root the server runs under another account, which must get in
await chmod(place, 0o755)
try {
  out(`${availableParallelism()} cores, Node ${process.versions.node}`)
  out('| what | seconds | CPU seconds, all processes | of them PostgreSQL | largest process, MB | of PostgreSQL |')
  out('| --- | --- | --- | --- | --- | --- |')
  const runs: Taken[] = []
  for (const factor of values.once ? [1] : [1, 2]) {
    const patients = factor * Number(values.patients)
    const region = join(place, `region${factor}`)
    const { contractFile, observations } = await generateRegion({ out: region, patients, seed: Number(values.seed) })
    const results = join(place, `out${factor}`)
    const cli = new URL('../api/cli/cli.ts', import.meta.url).pathname
    const args = ['--import', 'tsx', cli, 'run', '--data', region, '--contract', contractFile, '--out', results]
    const run = await taken(process.execPath, args, join(place, `home${factor}`))
    runs.push(run)
    out(row(`\`winst run\`, ${patients} patients, ${observations} observations`, run))
    if (factor > 1 || values.peer === undefined) continue
    const clean = await accepted(region, join(results, 'rejects.csv'), join(place, 'clean'))
    const peer = await taken(
      values.python,
      [values.peer, clean, join(place, 'peer.json'), '--model', 'hgb', '--crossfit', '5'],
      join(place, 'none'),
    )
    out(row('the peer, in memory, no database', peer))
    out(
      `\`winst run\` / peer: ${(run.seconds / peer.seconds).toFixed(2)} by the clock, ${(run.cpu / peer.cpu).toFixed(2)} by CPU`,
    )
    await rm(clean, { recursive: true })
  }
  if (runs[1]) out(`twice the patients: ${(runs[1].seconds / runs[0]!.seconds).toFixed(2)} times as long by the clock, ${(runs[1].cpu / runs[0]!.cpu).toFixed(2)} by CPU`) // prettier-ignore
} finally {
  await rm(place, { recursive: true, force: true })
}
