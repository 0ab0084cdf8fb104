import type { Backend, BufferHandle } from '../backend/backend.ts'

/** A buffer shared by the tensors that view it; released when the last one lets go. */
export class Storage {
  readonly backend: Backend
  readonly handle: BufferHandle
  /** How many tensors view it. */
  owners = 1

  constructor(backend: Backend, handle: BufferHandle) {
    this.backend = backend
    this.handle = handle
  }

  share(): this {
    this.owners += 1
    return this
  }

  release(): void {
    this.owners -= 1
    if (this.owners === 0) this.backend.release(this.handle)
  }

  /** The backend handed the buffer back as an output: it belongs to a new storage now. */
  surrender(): void {
    this.owners = 0
  }
}
