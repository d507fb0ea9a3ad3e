/** What the file system says when it will not, as a sentence: what, where, and what to do. */
import { Refusal } from '../../engine/kernel/refusal.ts'

const FULL: readonly string[] = ['ENOSPC', 'EDQUOT', 'EFBIG']

const REASONS: Readonly<Record<string, string>> = {
  EISDIR: 'a directory lies there; name another path, or move it away',
  ENOTDIR: 'a file lies where a directory is wanted; name another path, or move it away',
  EEXIST: 'something else lies there; name another path, or move it away',
  ENOENT: 'it is not there, or its directory is not; make it, or name another path',
  EACCES: 'this account may not; name another path, or give it the right to',
  EPERM: 'this account may not; name another path, or give it the right to',
  EROFS: 'the file system is read-only; name another path',
  ENAMETOOLONG: 'the name is too long; name a shorter one',
  ELOOP: 'its links lead in a circle; name another path',
  EMFILE: 'this process has as many files open as it may; allow it more (ulimit -n)',
  ENFILE: 'this machine has as many files open as it may; close some',
  EIO: 'the disk does not answer as it should; look at it before trying again',
}

/** The refusal that an error of the file system stands for; null for any other error.
 *  @param path where, if the error itself does not tell
 *  @returns Refusal `disk_full`, `not_writable` or `file_not_readable` */
export function fileFaultOf(error: unknown, path?: string): Refusal | null {
  if (!(error instanceof Error)) return null
  const { code = '', syscall = '', path: reported } = error as NodeJS.ErrnoException
  const where = path ?? reported
  if (FULL.includes(code))
    return new Refusal(
      'disk_full',
      `${where ?? 'A file'} cannot be written: the disk is full${code === 'EFBIG' ? ', or a file may not be larger' : ''}. Make room and give the same command again; nothing half written is kept.`,
      { path: where ?? null, code },
    )
  const reason = REASONS[code]
  if (reason === undefined || where === undefined) return null
  const done = path !== undefined ? 'written' : (DONE[syscall] ?? 'written')
  return new Refusal(
    done === 'written' ? 'not_writable' : 'file_not_readable',
    `${where} cannot be ${done}: ${reason}.`,
    { path: where, code },
  )
}

/** What a system call was about to do, where it does not write. */
const DONE: Readonly<Record<string, string>> = {
  open: 'opened',
  scandir: 'read',
  read: 'read',
  stat: 'read',
  lstat: 'read',
  realpath: 'read',
}
