import type { Op } from '@qkv/tensor'
import { primitiveOps } from '@qkv/tensor/conformance'

/** Elements that were computed on the host by the definitions of operations, which a GPU has no business to use. */
export interface HostWork {
  readonly calls: ReadonlyMap<string, number>
  /** Puts the definitions back. */
  stop(): void
}

/** Counts every use of a definition in TypeScript, of all primitives, from now on. */
export function watchReferences(): HostWork {
  const calls = new Map<string, number>()
  const changed: (() => void)[] = []
  for (const op of primitiveOps) {
    if (op.kind !== 'primitive') continue
    const writable = op as { -readonly [Name in keyof Op]: Op[Name] } & { reference: typeof op.reference }
    const { reference } = op
    writable.reference = (context) => {
      calls.set(op.name, (calls.get(op.name) ?? 0) + 1)
      reference(context)
    }
    changed.push(() => (writable.reference = reference))
  }
  return {
    calls,
    stop() {
      for (const putBack of changed) putBack()
    },
  }
}
