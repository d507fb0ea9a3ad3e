/** Pages and forms of the dashboard, as a reader's browser asks for them. */
import type { ReaderName, RunningApp } from '../services/running-app.ts'

/** @returns asks for a page, or sends a form where fields are given, in the name of a reader */
export const browserOf =
  (asked: RunningApp) => (asker: ReaderName, url: string, fields?: Readonly<Record<string, string>>) =>
    asked.app.inject({
      method: fields ? 'POST' : 'GET',
      url,
      headers: {
        cookie: `winst_token=${asked.tokenOf(asker)}`,
        accept: 'text/html',
        'sec-fetch-site': 'same-origin',
        ...(fields ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
      },
      ...(fields ? { payload: new URLSearchParams(fields).toString() } : {}),
    })
