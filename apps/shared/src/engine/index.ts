export { connectEngine, type Engine, type EngineConnection } from './connect-engine.ts'
export { proxy } from 'comlink'
export { runTask, type TaskApi } from './run-task.ts'
export type { BackendReport, DeviceApi, DeviceReport } from './device-api.ts'
