/** What a process that stays says of a service that is lost, and of its return: once each, on stderr. */
import type { ServiceEvents } from '../../../jobs/queue/service-watch.ts'
import type { Terminal } from '../terminal.ts'

/** @param who begins the sentence: 'The worker', 'The API' */
export const outageNotes = ({ progress }: Pick<Terminal, 'progress'>, who: string): ServiceEvents => ({
  onLost: ({ facts, code }) =>
    progress.note(
      `${who} waits: ${code === 'redis_unreachable' ? 'Redis' : 'the database'} at ${String(facts.place)} does not answer. Start it; what was finished is kept.`,
    ),
  onBack: (sentence) => progress.note(sentence),
})
