/** Checks whether a database responds, over a dedicated connection, as a pool may be busy. */
import { Client } from 'pg'

export interface Heartbeat {
  /** Resolves when the database has answered.
   *  @throws whatever the driver says; after `withinMs` without an answer, an Error */
  readonly beat: (withinMs: number) => Promise<void>
  readonly end: () => void
}

export function heartbeatOf(url: string): Heartbeat {
  let client: Client | undefined
  const drop = () => {
    const dropped = client
    client = undefined
    // Not awaited: an unresponsive server does not close the connection.
    dropped?.end().catch(() => undefined)
  }
  const beat = async (withinMs: number): Promise<void> => {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer in ${withinMs} ms`)), withinMs)
    })
    try {
      await Promise.race([asked(), late])
    } catch (error) {
      drop()
      throw error
    } finally {
      clearTimeout(timer)
    }
  }
  const asked = async (): Promise<void> => {
    if (!client) {
      const opened = new Client({ connectionString: url, application_name: 'winst heartbeat' })
      opened.on('error', () => undefined)
      client = opened
      await opened.connect()
    }
    await client.query('select 1')
  }
  return { beat, end: drop }
}
