/** A process to be killed: posts a settlement, and ends itself by SIGKILL at a statement of the transaction.
 *
 *  Arguments: the database's URL, the statement (1 is the first; 0: none), `before` it is sent or `after` it went out
 *  unanswered, then the run and the settlement as JSON. Prints whether it posted. */
import { Client } from 'pg'
import { openStore } from '../../../data/postgres/database.ts'
import { appendSettlement } from '../../../data/settlements/settlements.ts'
import { inTransaction } from '../../../data/postgres/transaction.ts'
import { settlementText } from '../../../engine/settlement/statement.ts'

const [databaseUrl, statement, when, run = '', settlement = ''] = process.argv.slice(2)
const store = await openStore({ databaseUrl, home: '' })
let sent = 0
// oxlint-disable-next-line typescript/unbound-method -- it is applied to the client that is asked
const query = Client.prototype.query as (...args: unknown[]) => unknown
const counting = function (this: Client, ...args: unknown[]) {
  sent++
  if (sent === Number(statement) && when === 'before') process.kill(process.pid, 'SIGKILL')
  const answer = query.apply(this, args)
  // whatever waits for the network goes out before this process ends
  if (sent === Number(statement)) setImmediate(() => process.kill(process.pid, 'SIGKILL'))
  return answer
}
const asked = JSON.parse(settlement)
const client = await store.pool.connect()
client.release() // its session is set up: from here on every statement is of the posting
Client.prototype.query = counting as typeof Client.prototype.query
const posted = await inTransaction(store, (transaction) =>
  appendSettlement(transaction, JSON.parse(run), asked, settlementText(asked), 'anna'),
)
Client.prototype.query = query as typeof Client.prototype.query
process.stdout.write(JSON.stringify({ posted, statements: sent }))
await store.close()
