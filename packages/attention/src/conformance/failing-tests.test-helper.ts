import type { TestFunction } from '@qkv/tensor/conformance'

/** Runs the tests that a conformance suite registers, and gives those that fail: messages by title. */
export async function failingTests(
  register: (test: TestFunction) => void,
): Promise<Readonly<Record<string, string>>> {
  const registered: (readonly [string, () => unknown])[] = []
  register((title, run) => void registered.push([title, run]))
  if (registered.length === 0) throw new Error('the suite registers no test')
  const failed: Record<string, string> = {}
  for (const [title, run] of registered) {
    try {
      await run()
    } catch (error) {
      failed[title] = error instanceof Error ? error.message : String(error)
    }
  }
  return failed
}
