/// GGUF models behind a worker process.
///
/// In the gateway: a [model][io.chela.model.llamacpp.LlamaCppModel] queues its turns in a `Lane`, a `Supervisor` keeps
/// a `WorkerProcess` running for it. In the worker: `Worker` starts, `WorkerLoop` speaks, `LlamaEngine` generates.
package io.chela.model.llamacpp;
