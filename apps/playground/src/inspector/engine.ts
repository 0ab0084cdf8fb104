import { connectEngine, type EngineConnection } from '@qkv/apps-shared/engine'
import type { InspectorEngine } from './inspector.worker.ts'

let connection: EngineConnection<InspectorEngine> | undefined

/** The worker that holds the models, started when the page is first opened. */
export function inspectorEngine(): EngineConnection<InspectorEngine> {
  connection ??= connectEngine<InspectorEngine>(
    new Worker(new URL('./inspector.worker.ts', import.meta.url), { type: 'module' }),
  )
  return connection
}
