/** A child process with its time and peak memory. */
import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'

export interface Measured<Result> {
  /** the JSON of its last line, if requested */
  readonly result: Result
  readonly lastLine: string
  readonly seconds: number
  /** peak memory, on Linux; polled every 20 ms from the kernel's high-water mark */
  readonly peakMb: number | null
}

/** Runs a command to its end.
 *  @throws Error with what it wrote to stderr where it fails */
export async function measured<Result = undefined>(
  command: string,
  args: readonly string[],
  json = true,
): Promise<Measured<Result>> {
  const from = performance.now()
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let peakMb: number | null = null
  const look = setInterval(() => void peakOf(child.pid).then((mb) => (peakMb = mb ?? peakMb)), 20)
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (text: Buffer) => (stdout += text.toString()))
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()))
  const status = await new Promise<number | null>((resolve, reject) => child.on('close', resolve).on('error', reject))
  clearInterval(look)
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr.slice(-2000)}`)
  const lastLine = stdout.trimEnd().split('\n').at(-1) ?? ''
  const result = (json ? JSON.parse(lastLine) : undefined) as Result
  return { result, lastLine, seconds: (performance.now() - from) / 1000, peakMb }
}

async function peakOf(pid: number | undefined): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]
  return kilobytes === undefined ? null : Math.round(Number(kilobytes) / 1024)
}
