/**
 * Work in pieces, for threads that share the memory: the one that publishes a job takes pieces of it like all others, until
 * none is left. A thread that is busy elsewhere, asleep or dead takes none, and nobody waits for it.
 *
 * The ticket holds the number of the job, and in its low half how many pieces are left. Taking one is a compare and exchange of
 * both, so that nobody takes a piece of a job that has ended. What describes a job is written before its ticket, and stays until
 * all pieces are done.
 */
/** The end of what is reserved for constants and for this: see `reservedBytes` of the heap. */
const control: usize = 15744
const TICKET: usize = 0
const FINISHED: usize = 64
const SLEEPERS: usize = 128
const FAILED: usize = 132
const JOINED: usize = 136
const CLOSED: usize = 140
const PIECES: usize = 192
const left: i64 = 0xffffffff

/** Which of the threads that share the memory this one is. */
export let thread: i32 = 0

/**
 * Where the block begins that threads share: 192 bytes of this file's; pieces, units, units per piece, kernel, count of
 * parameters; from 256 on the parameters; from 512 on 128 bytes of text, why a piece was given up.
 */
export function controlAddress(): usize {
  return control
}

/** Counts this thread in, and gives it its number. */
export function join(): i32 {
  thread = atomic.add<i32>(control, 1, JOINED) + 1
  return thread
}

/** How many threads have come to work with the first one. */
export function joined(): i32 {
  return atomic.load<i32>(control, JOINED)
}

/** Lets all threads have pieces of the job that has been described, and wakes those that sleep. */
export function publish(pieces: i32): void {
  store<i32>(control, pieces, PIECES)
  atomic.store<i32>(control, 0, FINISHED)
  const job = (atomic.load<i64>(control, TICKET) >> 32) + 1
  atomic.store<i64>(control, (job << 32) | <i64>pieces, TICKET)
  if (atomic.load<i32>(control, SLEEPERS) > 0) atomic.notify(control + TICKET, -1)
}

/** The number of a piece that is now this thread's, or -1 when none is left. */
export function take(): i32 {
  while (true) {
    const ticket = atomic.load<i64>(control, TICKET)
    const pieces = ticket & left
    if (pieces == 0) return -1
    if (atomic.cmpxchg<i64>(control, ticket, ticket - 1, TICKET) == ticket)
      return load<i32>(control, PIECES) - <i32>pieces
  }
}

/** A piece is done, or given up. */
export function finish(failed: bool): void {
  if (failed) atomic.store<i32>(control, 1, FAILED)
  const pieces = load<i32>(control, PIECES)
  if (atomic.add<i32>(control, 1, FINISHED) + 1 == pieces) atomic.notify(control + FINISHED, 1)
}

/** How many pieces of the job are done. */
export function finished(): i32 {
  return atomic.load<i32>(control, FINISHED)
}

/** Whether a piece of the job was given up; asking forgets it. */
export function failed(): bool {
  return atomic.xchg<i32>(control, 0, FAILED) != 0
}

/** Looks up to `spins` times whether all pieces are done. */
export function allFinished(spins: i32): bool {
  const pieces = load<i32>(control, PIECES)
  for (; spins > 0; --spins) if (atomic.load<i32>(control, FINISHED) == pieces) return true
  return false
}

/** Waits without spinning until another piece than the `seen` ones is done, at most so many milliseconds. */
export function awaitMore(seen: i32, milliseconds: i32): void {
  atomic.wait<i32>(control + FINISHED, seen, <i64>milliseconds * 1_000_000)
}

/**
 * The number of a piece that is now this thread's: looks for one up to `spins` times, then sleeps until there is one. Returns -1
 * when the team is closed.
 */
export function takeNext(spins: i32): i32 {
  while (true) {
    for (let spin = 0; spin < spins; ++spin) {
      if (atomic.load<i64>(control, TICKET) & left) {
        const piece = take()
        if (piece >= 0) return piece
      }
    }
    if (atomic.load<i32>(control, CLOSED)) return -1
    const ticket = atomic.load<i64>(control, TICKET)
    if (ticket & left) continue
    atomic.add<i32>(control, 1, SLEEPERS)
    atomic.wait<i64>(control + TICKET, ticket, 1_000_000_000)
    atomic.sub<i32>(control, 1, SLEEPERS)
  }
}

/** Sends all threads away that wait for work. */
export function close(): void {
  atomic.store<i32>(control, 1, CLOSED)
  atomic.notify(control + TICKET, -1)
}
