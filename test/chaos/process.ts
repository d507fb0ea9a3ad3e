/** A process of the product, with what it said, to be killed, stopped and waited for. */
import { spawn, type ChildProcess } from 'node:child_process'
import { resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')

export interface Ended {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
}

export class WinstProcess {
  stderr = ''
  stdout = ''
  /** when its sentence came, by this process's clock of milliseconds */
  saidAt: number | null = null
  readonly ended: Promise<Ended>
  private readonly child: ChildProcess

  constructor(args: readonly string[], environment: Readonly<Record<string, string>>) {
    this.child = spawn(process.execPath, ['--import', 'tsx', 'api/cli/cli.ts', ...args], {
      cwd: root,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.child.stdout?.on('data', (chunk) => (this.stdout += String(chunk)))
    this.child.stderr?.on('data', (chunk) => {
      this.stderr += String(chunk)
      if (this.sentences.length > 0) this.saidAt ??= performance.now()
    })
    this.ended = new Promise((done) => this.child.once('close', (status, signal) => done({ status, signal })))
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name)
  }

  async kill(): Promise<void> {
    if (!this.isRunning) return
    this.child.kill('SIGKILL')
    await this.ended
  }

  /** Sentences in which it said why it ended. */
  get sentences(): readonly string[] {
    return this.stderr.split('\n').filter((line) => line.startsWith('winst: '))
  }

  /** Lines of a stack: none is for people. */
  get stackLines(): readonly string[] {
    return this.stderr.split('\n').filter((line) => /^\s+at .*[:(]/.test(line))
  }

  /** Whether it says so in time, and before it ends. */
  async says(what: RegExp, withinMs: number): Promise<boolean> {
    for (const until = performance.now() + withinMs; performance.now() < until; await pause(10)) {
      if (what.test(this.stderr) || what.test(this.stdout)) return true
      if (!this.isRunning) return false
    }
    return false
  }
}

export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))
