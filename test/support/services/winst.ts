/** Runs the command line as a child process on a given database. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../../..')

export interface Said {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Starts `winst VERB …` as a process that whoever asks ends. */
export function startWinst(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
): ChildProcessWithoutNullStreams {
  const env = { ...process.env, ...environment }
  return spawn(process.execPath, ['--import', 'tsx', 'api/cli/cli.ts', ...args], { cwd: root, env })
}

/** Runs `winst VERB …`.
 *  @param environment over this process's own; undefined takes a variable away */
export function winst(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
): Promise<Said> {
  const child = startWinst(args, environment)
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk) => (stdout += String(chunk)))
  child.stderr.on('data', (chunk) => (stderr += String(chunk)))
  return new Promise((done, failed) => {
    child.once('error', failed)
    child.once('close', (status) => done({ status, stdout, stderr }))
  })
}
