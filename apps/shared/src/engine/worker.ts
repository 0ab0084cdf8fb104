export { createDeviceHost, type DeviceHost } from './device-host.ts'
export { type KeptModel, loadKept } from './load-kept.ts'
export { createTasks, type Tasks } from './tasks.ts'
export { expose, proxy, transfer } from 'comlink'
