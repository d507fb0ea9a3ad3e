/** A draft payment file: ISO 20022 pain.001.001.09, what an approved share owes each partner. No account number is in it: those are the
 *  treasurer's, and without them no bank carries it out. */
import { escaped } from '../../report/elements/html.ts'

export interface Transfer {
  readonly partnerId: string
  readonly name: string
  /** above 0 */
  readonly cents: number
}

export interface PaymentDraft {
  readonly settlementId: string
  readonly contract: string
  /** UZOVI code */
  readonly insurer: string
  /** the day of the approval: of the file, and of the execution asked for */
  readonly on: string
  readonly transfers: readonly Transfer[]
}

/** Texts of at most 35 signs, as the standard has them. */
const MAX = 35

/** EUR with two decimals from whole cents, exactly. */
export function amountOf(cents: number): string {
  const digits = String(cents).padStart(3, '0')
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`
}

const tag = (name: string, ...content: readonly string[]): string => `<${name}>${content.join('')}</${name}>`
const text = (name: string, value: string, most = MAX): string => tag(name, escaped(value.slice(0, most)))
/** An identification by a scheme of ours. */
const other = (id: string, scheme: string): string =>
  tag('Othr', text('Id', id, 34), tag('SchmeNm', text('Prtry', scheme)))
const sum = (transfers: readonly Transfer[]): string => amountOf(transfers.reduce((all, { cents }) => all + cents, 0))

/** The file; only what is owed is in it, what a partner pays back is not.
 *  @returns null where nothing is owed: the standard knows no file without a transfer */
export function pain001(draft: PaymentDraft): string | null {
  const { settlementId, contract, insurer, on } = draft
  const transfers = draft.transfers.filter(({ cents }) => cents > 0)
  if (transfers.length === 0) return null
  const short = settlementId.slice(0, 12)
  const count = tag('NbOfTxs', String(transfers.length))
  const total = tag('CtrlSum', sum(transfers))
  const header = tag(
    'GrpHdr',
    text('MsgId', `DRAFT-${short}-${insurer}`),
    tag('CreDtTm', `${on}T00:00:00Z`),
    count,
    total,
    tag('InitgPty', tag('Id', tag('OrgId', other(insurer, 'UZOVI')))),
  )
  const payment = tag(
    'PmtInf',
    text('PmtInfId', `DRAFT-${short}-${insurer}`),
    tag('PmtMtd', 'TRF'),
    count,
    total,
    tag('ReqdExctnDt', tag('Dt', on)),
    tag('Dbtr', text('Nm', `UZOVI ${insurer}`, 140), tag('Id', tag('OrgId', other(insurer, 'UZOVI')))),
    tag('DbtrAcct', tag('Id', other(insurer, 'UZOVI, no account'))),
    tag('DbtrAgt', tag('FinInstnId', tag('Othr', tag('Id', 'NOTPROVIDED')))),
    tag('ChrgBr', 'SLEV'),
    ...transfers.map((transfer) => transferOf(transfer, short, contract)),
  )
  const document = tag('CstmrCdtTrfInitn', header, payment)
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09">${document}</Document>\n`
}

const transferOf = ({ partnerId, name, cents }: Transfer, short: string, contract: string): string =>
  tag(
    'CdtTrfTxInf',
    tag('PmtId', text('EndToEndId', `${short}-${partnerId}`)),
    tag('Amt', `<InstdAmt Ccy="EUR">${amountOf(cents)}</InstdAmt>`),
    tag('Cdtr', text('Nm', name, 140)),
    tag('CdtrAcct', tag('Id', other(partnerId, 'partner_id, no account'))),
    tag('RmtInf', text('Ustrd', `${contract} ${short}`, 140)),
  )
