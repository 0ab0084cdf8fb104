import { BackendError } from '@qkv/tensor'
import { Engine } from './engine.ts'
import { type GpujsMode, preferredModes, reasonAgainst } from './modes.ts'

/** An engine in the mode that was asked for, or in the first that runs here, and why those before it do not. */
export async function openEngine(
  asked: GpujsMode | undefined,
  kernelLimit: number,
): Promise<{ readonly engine: Engine; readonly reasons: readonly string[] }> {
  const reasons: string[] = []
  for (const mode of asked === undefined ? preferredModes : [asked]) {
    const reason = await reasonAgainst(mode)
    const opened = reason ?? (await tryMode(mode, kernelLimit))
    if (typeof opened !== 'string') return { engine: opened, reasons }
    reasons.push(`${mode}: ${opened}`)
  }
  throw new BackendError({
    operation: 'gpujs',
    argument: 'mode',
    got: `is '${asked ?? 'any'}', but ${reasons.join('; ')}`,
    expected: 'a mode that runs here',
    fix: 'Leave the mode out for the first that runs here.',
  })
}

/** The engine, or why its first kernel did not run. */
async function tryMode(mode: GpujsMode, kernelLimit: number): Promise<Engine | string> {
  let engine: Engine | undefined
  try {
    engine = new Engine(mode, kernelLimit)
    await engine.probe()
    return engine
  } catch (error) {
    await engine?.dispose()
    // Compilers add the whole text of the kernel.
    const [message] = (error instanceof Error ? error.message : String(error)).split('\n')
    return `its first kernel failed (${message})`
  }
}
