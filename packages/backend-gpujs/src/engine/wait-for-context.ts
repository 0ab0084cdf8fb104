import type { WebGlContext } from './gpu-js.ts'

// Every platform with a context has it; the types of none are used here.
declare function setTimeout(callback: () => void): unknown

/** Resolves when a context has done all that it was given, or is lost: kernels return when they are queued, not when they have run. */
export async function waitForContext(context: WebGlContext): Promise<void> {
  const fence = context.fenceSync(context.SYNC_GPU_COMMANDS_COMPLETE, 0)
  if (fence === null) return
  context.flush()
  // Its state changes between tasks only.
  while (context.getSyncParameter(fence, context.SYNC_STATUS) !== context.SIGNALED) {
    // The fence of a lost context is never signalled.
    if (context.isContextLost()) return
    await new Promise((resolve) => setTimeout(() => resolve(undefined)))
  }
  context.deleteSync(fence)
}
